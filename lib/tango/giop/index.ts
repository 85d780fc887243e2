/**
 * GIOP, the protocol of CORBA, which Tango devices speak: a client for objects of servers, over TCP.
 *
 * This chapter knows nothing of Tango. From the bottom up: `cdr` encodes numbers and strings, `idlTypes`
 * describes the types of an interface, `any` carries values with their types, `giopMessage` and
 * `giopConnection` send requests and match replies, and `remoteObject` finds an object and invokes its
 * operations. Begin reading with `remoteObject`.
 */

export { readAny, type TypedValue, writeAny } from "./any";
export { ConnectionError } from "./giopConnection";
export { type ObjectReference, parseIor } from "./ior";
export { type InvokeResult, RemoteObject, SystemException, UserException } from "./remoteObject";
