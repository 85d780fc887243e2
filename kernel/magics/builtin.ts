import { discover, lsmagic, parameters, time } from "./general";
import { classes, connect, devices } from "./nodes";
import { ct, mov, movr, runs, wa } from "./plans";
import { MagicRegistry } from "./registry";

/** The magics every notebook has. */
export function builtinMagics(): MagicRegistry {
  const registry = new MagicRegistry();
  const builtin = [connect, devices, classes, discover, wa, mov, movr, ct, runs, parameters, time, lsmagic(registry)];
  for (const magic of builtin) registry.register(magic);
  return registry;
}
