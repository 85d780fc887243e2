/**
 * A whole SEC node as a device: its connection, its modules, and what happens when its description changes.
 *
 * It may use classes/ and module/. Begin with typedNode.ts; nodeConnection.ts opens the client, and
 * takeOver.ts adopts a changed description.
 */

export { type DynamicNode, SecopNodeDevice } from "./secopNodeDevice";
export { type NodeOptions, TypedNode } from "./typedNode";
