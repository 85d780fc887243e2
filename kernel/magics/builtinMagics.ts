/** The list of the built-in magics. */

import { discoverMagic, lsMagic, parametersMagic, whyMagic } from "./generalMagics";
import { helpMagic } from "./helpMagic";
import { lockMagic } from "./lockMagic";
import { MagicRegistry } from "./magicRegistry";
import { classesMagic, connectMagic, devicesMagic } from "./nodeMagics";
import { ctMagic, movMagic, movrMagic, setposMagic, waMagic } from "./planMagics";
import { recordMagic, replayMagic } from "./rerunMagics";
import { exportMagic, runsMagic } from "./runMagics";
import { bashMagic, captureMagic, cdMagic, envMagic, pwdMagic, shellMagic, shMagic } from "./systemMagics";
import { cellTimeitMagic, cellTimeMagic, timeitMagic, timeMagic } from "./timingMagics";
import { resetMagic, whoMagic, whosMagic } from "./whoMagics";

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
    recordMagic,
    replayMagic,
    lockMagic,
    parametersMagic,
    timeMagic,
    cellTimeMagic,
    timeitMagic,
    cellTimeitMagic,
    whyMagic,
    whoMagic,
    whosMagic,
    resetMagic,
    shellMagic,
    captureMagic,
    bashMagic,
    shMagic,
    cdMagic,
    pwdMagic,
    envMagic,
    helpMagic,
    lsMagic(registry),
  ];
  for (const magic of builtin) registry.register(magic);
  return registry;
}
