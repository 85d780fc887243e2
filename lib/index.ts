/** The one public entry. Each layer's own index lists what of it is public. */
export * from "./codegen/index";
export * from "./core/index";
export * from "./devices/index";
export * from "./display/index";
export * from "./engine/index";
export * from "./epics/index";
export * from "./errors";
export * from "./live/index";
export * from "./notebook";
export * from "./plans/index";
export * from "./secop/index";
export * from "./sim/index";
export * from "./store/index";
export * from "./tango/index";
