/** The replies to requests that run no cell. */

import { type NotebookSession, notebookComms } from "../cells/index";
import { typescriptVersion } from "../compiler/index";
import { version } from "../installation";
import { PROTOCOL_VERSION } from "../protocol/index";

type Content = Readonly<Record<string, unknown>>;
type Answer = (session: NotebookSession, content: Content) => object | Promise<object>;

const ANSWERS: Readonly<Record<string, Answer>> = {
  kernel_info_request: () => kernelInfo(),
  is_complete_request: (session, { code }) => session.assistant.isComplete(codeOf(code)),
  complete_request: (session, { code, cursor_pos }) => session.assistant.complete(codeOf(code), cursor(cursor_pos)),
  inspect_request: (session, { code, cursor_pos }) => session.assistant.inspect(codeOf(code), cursor(cursor_pos)),
  history_request: (session, content) => ({ history: session.history.query(content) }),
  comm_info_request: (_, { target_name }) => ({ comms: notebookComms.info(target_name) }),
  interrupt_request: (session, { final }) => {
    session.interrupt({ final: final === true });
    return {};
  },
  create_subshell_request: (session) => ({ subshell_id: session.createSubshell() }),
  delete_subshell_request: (session, { subshell_id }) => {
    session.deleteSubshell(String(subshell_id));
    return {};
  },
  list_subshell_request: (session) => ({ subshell_id: session.listSubshells() }),
  debug_request: (_, { seq, command }) => ({
    type: "response",
    seq: 0,
    request_seq: seq,
    command,
    success: false,
    message: "this kernel has no debugger",
  }),
};

/** Resolves with the content of the reply to a request of `type`. Never rejects. */
export async function answer(session: NotebookSession, type: string, content: Content): Promise<object> {
  const fn = Object.hasOwn(ANSWERS, type) ? ANSWERS[type] : undefined;
  if (!fn) return failure("UnknownRequest", `the secop-lab kernel does not know ${type}`);
  try {
    return { status: "ok", ...(await fn(session, content)) };
  } catch (error) {
    return error instanceof Error ? failure(error.name, error.message) : failure("Thrown", String(error));
  }
}

/** The code of a request. A value that is not a string counts as empty. */
export function codeOf(code: unknown): string {
  return typeof code === "string" ? code : "";
}

/** The cursor position of a request. Default: the end of the code. */
function cursor(position: unknown): number {
  return typeof position === "number" ? position : Number.POSITIVE_INFINITY;
}

/** The content of a reply to a request that failed. */
export function failure(ename: string, evalue: string): object {
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

function kernelInfo(): object {
  const typescript = typescriptVersion();
  return {
    protocol_version: PROTOCOL_VERSION,
    implementation: "secop-lab",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `secop-lab ${version}: SECoP devices, scans and live plots in TypeScript ${typescript} (%lsmagic lists the magics)`,
    help_links: [{ text: "SECoP", url: "https://sampleenvironment.github.io/secop-site/" }],
    debugger: false,
    supported_features: ["kernel subshells"],
  };
}
