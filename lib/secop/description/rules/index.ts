/**
 * What the specification demands of a description, beyond what reading it needs.
 *
 * This folder uses the parsed descriptions above it and `values`. Begin reading with `descriptionRules`,
 * which calls the others; what they find is passed to the linter and never prevents a connection.
 */

export { checkDescription } from "./descriptionRules";
export { isPredefined } from "./predefinedRules";
