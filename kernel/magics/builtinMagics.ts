/** The list of the built-in magics. */

import { discoverMagic, lsMagic, parametersMagic, timeMagic, whyMagic } from "./generalMagics";
import { MagicRegistry } from "./magicRegistry";
import { classesMagic, connectMagic, devicesMagic } from "./nodeMagics";
import { ctMagic, movMagic, movrMagic, setposMagic, waMagic } from "./planMagics";
import { exportMagic, runsMagic } from "./runMagics";

/** A registry with the magics that every notebook has. */
export function builtinMagics(): MagicRegistry {
  const registry = new MagicRegistry();
  const builtin = [
    connectMagic,
    devicesMagic,
    classesMagic,
    discoverMagic,
    waMagic,
    movMagic,
    movrMagic,
    setposMagic,
    ctMagic,
    runsMagic,
    exportMagic,
    parametersMagic,
    timeMagic,
    whyMagic,
    lsMagic(registry),
  ];
  for (const magic of builtin) registry.register(magic);
  return registry;
}
