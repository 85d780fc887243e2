/** The public name of a node device, with and without a class file. */

import { type NodeOptions, TypedNode } from "./typedNode";

/** A node without a class file, whose modules and members are known only at run time. */
export interface DynamicNode extends TypedNode {
  // biome-ignore lint/suspicious/noExplicitAny: anything narrower makes `yield* node.cryo.reset()` or `node.cryo.value.read()` an error
  readonly [module: string]: any;
}

interface SecopNodeDeviceConstructor {
  /**
   * @param uri `host`, `host:port`, `[v6]:port`, `tcp://host:port`, `ws://host:port` or `wss://host:port`;
   *   default port 10767.
   */
  new (uri: string, options?: NodeOptions): DynamicNode;
  readonly prototype: TypedNode;
}

/** Any SEC node, with or without a class file. */
export type SecopNodeDevice = TypedNode;

/**
 * A SEC node as a device. Without a class file, modules are untyped members under their names:
 * `node.cryo.value`.
 *
 * This is the class `TypedNode`, which class files extend, under a type with untyped members.
 */
export const SecopNodeDevice: SecopNodeDeviceConstructor = TypedNode as unknown as SecopNodeDeviceConstructor;
