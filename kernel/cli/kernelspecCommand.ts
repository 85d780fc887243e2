/** `secop-lab install` and `uninstall`: registers the kernel with Jupyter. */

// Needs Python only for `--sys-prefix`.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { errorText, UsageError } from "../../lib/errors";
import { kernelCommand } from "../installation";

/** The name of the kernel in Jupyter. */
export const KERNEL_NAME = "secop-lab";

/** Where the kernel is registered. Default: for this user. */
export interface KernelspecOptions {
  /**
   * In the environment of the `python3` (or `python`) on the PATH, for instance an active virtual
   * environment.
   */
  readonly sysPrefix?: boolean;
  /** In the environment with this folder. */
  readonly prefix?: string;
}

/** The content of `kernel.json`: it starts this Node with this installation, by absolute paths. */
export function kernelspec(): object {
  return {
    argv: kernelCommand,
    display_name: "TypeScript (secop-lab)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false, supported_encryption: "curve" },
  };
}

/** The folder of the kernelspec, whether it exists or not. */
export function kernelspecFolder(options: KernelspecOptions): string {
  return join(dataFolder(options), "kernels", KERNEL_NAME);
}

/** Writes the kernelspec and returns its folder. */
export function install(options: KernelspecOptions): string {
  const folder = kernelspecFolder(options);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelspec(), null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`cannot install the kernel in ${folder}: ${errorText(error)}`, { cause: error });
  }
  return folder;
}

/** Removes the kernelspec and returns its folder, or undefined if there was none. */
export function uninstall(options: KernelspecOptions): string | undefined {
  const folder = kernelspecFolder(options);
  if (!existsSync(folder)) return undefined;
  rmSync(folder, { recursive: true });
  return folder;
}

function dataFolder({ sysPrefix, prefix }: KernelspecOptions): string {
  if (prefix !== undefined) return join(resolve(prefix), "share", "jupyter");
  return sysPrefix ? join(pythonPrefix(), "share", "jupyter") : userFolder();
}

/** The data folder of the user, where Jupyter looks for it (jupyter_core, "Data files"). */
function userFolder(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

function pythonPrefix(): string {
  for (const python of ["python3", "python"]) {
    const { status, stdout } = spawnSync(python, ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  throw new UsageError(
    "--sys-prefix asks Python for its prefix, but there is no python3 on the PATH: use --prefix DIR",
  );
}
