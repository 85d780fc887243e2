/** Finds and runs the peers of the tests: real programs that `npm run peers` installs. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The root folder of the repository. */
export const repository = resolve(__dirname, "../..");

/**
 * The path of a program in the Python environment, for example `frappy-server`. Throws if it is not
 * installed.
 */
export function peer(program: string): string {
  const path = join(repository, ".peers/venv/bin", program);
  if (!existsSync(path)) throw new Error(`${program} is not installed for the tests: run  npm run peers`);
  return path;
}

/** The path of Python. */
export const peersPython = (): string => peer("python");

/** The path of Chromium, for the browser tests. Throws if it is not installed. */
export function chromiumPath(): string {
  const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(path)) throw new Error(`${path} is not installed for the tests: run  npm run peers`);
  return path;
}

/** The exit code and output of a program that has ended. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program with `input` as stdin until it ends. After `timeout` seconds (default 120), kills it and
 * rejects.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly timeout?: number;
  } = {},
): Promise<ProgramResult> {
  const { input = "", cwd = repository, env = process.env, timeout = 120 } = options;
  return new Promise((resolved, rejected) => {
    const child = spawn(command, args, { cwd, env, stdio: "pipe" });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      out.stderr += text;
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      rejected(new Error(`${command} ${args.join(" ")} did not end within ${timeout} s\n${out.stdout}\n${out.stderr}`));
    }, timeout * 1000);
    child.on("error", rejected);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolved({ code, ...out });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/**
 * Runs a Python script, given by its path in the repository, and resolves with stdout. Rejects with stderr if
 * it fails.
 */
export async function runPython(
  script: string,
  args: readonly string[] = [],
  options: Parameters<typeof runProgram>[2] = {},
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(peersPython(), [join(repository, script), ...args], options);
  if (code !== 0) throw new Error(`${script}: exit code ${code}\n${stderr || stdout}`);
  return stdout;
}
