import { type NodeOptions, TypedNode } from "./typedNode";

/** A node without a class file: its modules and their members are known at run time only. */
export interface DynamicNode extends TypedNode {
  // biome-ignore lint/suspicious/noExplicitAny: anything narrower makes `yield* node.cryo.reset()` or `node.cryo.value.read()` an error
  readonly [module: string]: any;
}

interface SecopNodeDeviceConstructor {
  /** @param uri `host`, `host:port`, `[v6]:port`, `tcp://host:port`, `ws://host:port` or `wss://host:port`; default port 10767. */
  new (uri: string, options?: NodeOptions): DynamicNode;
  readonly prototype: TypedNode;
}

/** Any SEC node, with a class file or without. */
export type SecopNodeDevice = TypedNode;

/**
 * A SEC node as a device. Without a class file every module is reached by name, untyped: `node.cryo.value`.
 *
 * The class itself is `TypedNode`, which class files extend; this name for it has untyped members.
 */
export const SecopNodeDevice: SecopNodeDeviceConstructor = TypedNode as unknown as SecopNodeDeviceConstructor;
