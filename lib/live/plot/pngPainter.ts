/** The program of the process that draws pictures of plots, which is the only place that loads Vega. */

import { Resvg } from "@resvg/resvg-js";
import type { PlotSpec } from "../../display/plotTheme";

/** Asks for the picture of a plot. */
export interface PictureRequest {
  readonly id: number;
  readonly spec: PlotSpec;
}

/** The picture, or why there is none. */
export type PictureReply =
  | { readonly id: number; readonly png: Uint8Array }
  | { readonly id: number; readonly error: string };

/** The number of pixels of the picture per pixel of the plot. */
const ZOOM = 1.5;
const FONT = "Inter";
/** Characters that our font does not have; they are drawn with the fonts of the machine. */
const OTHER_SCRIPT = /[^\u0000-\u052f\u1e00-\u22ff]/;

process.on("message", ({ id, spec }: PictureRequest) => {
  draw(spec).then(
    (png) => process.send?.({ id, png } satisfies PictureReply),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies PictureReply),
  );
});
// Ctrl-C is meant for the parent process, with which this one ends.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());

async function draw(spec: PlotSpec): Promise<Uint8Array> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const config = { ...(spec.config as object), font: FONT };
  // Specifications are plain objects here; Vega-Lite checks them when it compiles them.
  const compiled = vegaLite.compile({ ...spec, config } as unknown as Parameters<typeof vegaLite.compile>[0], {
    logger: vega.logger(vega.None),
  });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logLevel: vega.None });
  const svg = await view.toSVG();
  view.finalize();
  const resvg = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      fontFiles: fontFiles(),
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
      loadSystemFonts: OTHER_SCRIPT.test(svg),
    },
  });
  return resvg.render().asPng();
}

function fontFiles(): string[] {
  return ["400Regular/Inter_400Regular.ttf", "500Medium/Inter_500Medium.ttf"].map((file) =>
    require.resolve(`@expo-google-fonts/inter/${file}`),
  );
}
