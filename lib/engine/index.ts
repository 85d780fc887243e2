export type * from "./documents";
