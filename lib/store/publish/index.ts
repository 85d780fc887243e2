/**
 * Sends documents to brokers while they are made, and follows the documents of others.
 *
 * This chapter uses `files`, `search` and `tiled`, because folders and Tiled servers can be followed as well.
 * Begin reading with `publishRuns`, which sends beside the engine; `natsTarget` and `zmqTarget` speak to the
 * brokers, and `follow` passes what arrives on to views.
 */

export type { DocumentSource } from "./documentSource";
export { follow } from "./follow";
export { type NatsOptions, nats } from "./natsTarget";
export type { DocumentSender, PublishTarget } from "./publisher";
export { DocumentPublisher } from "./publishRuns";
export { type ZmqOptions, zmq } from "./zmqTarget";
