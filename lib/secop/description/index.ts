/**
 * What a node says about itself: its description, how it is read, and where it violates the spec. The table
 * of interface classes is here.
 *
 * This chapter uses `values`. Begin reading with `description`, then `parseDescription`; `rules/` holds what
 * the spec demands.
 */

export { isSettable } from "./accessible";
export type {
  Accessible,
  CommandDescription,
  Meaning,
  ModuleDescription,
  NodeDescription,
  ParameterDescription,
  SystemDescription,
} from "./description";
export { canReplace, type InterfaceClass, interfaceClassOf } from "./interfaceClass";
export { accessibleNames, moduleNames, propertyNames } from "./memberName";
export { parseDescription } from "./parseDescription";
export { moduleProperties, nodeProperties } from "./properties";
