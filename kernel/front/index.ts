/**
 * The front of a kernel process: its ZeroMQ sockets, and a reply to each message of Jupyter's protocol.
 *
 * It may use protocol/ (messages and sockets), stop/ (the control thread), output/ and cells/ (the session
 * that runs cells). Begin with kernelProcess.ts, then kernelServer.ts: an interrupt of the user enters
 * through controlChannel.ts and goes to answers.ts, or arrives as SIGINT.
 */

export { startKernel } from "./kernelProcess";
