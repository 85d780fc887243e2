import { discoverMagic, lsMagic, parametersMagic, timeMagic } from "./generalMagics";
import { MagicRegistry } from "./magicRegistry";
import { classesMagic, connectMagic, devicesMagic } from "./nodeMagics";
import { ctMagic, movMagic, movrMagic, runsMagic, waMagic } from "./planMagics";

/** The magics every notebook has. */
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
    ctMagic,
    runsMagic,
    parametersMagic,
    timeMagic,
    lsMagic(registry),
  ];
  for (const magic of builtin) registry.register(magic);
  return registry;
}
