/** The program of the process that draws pictures of plots, which is the only place that loads Vega. */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
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
/**
 * The farthest coordinate in pixels. Beyond that, a shift of the end of a line does not change its picture.
 */
const FARTHEST = 20_000;
/** A corner of the plot in each clipped group, too pale to be seen. */
const CORNER = '<rect width="1" height="1" fill="white" fill-opacity="0.001"/>';
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
  const svg = drawable(await view.toSVG());
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

/**
 * The drawing without what the drawing library panics on: coordinates of more than 16 bits, and a clipped
 * group that lies far outside of the picture as a whole. Both come with the line of an earlier run far above
 * the new one. With a corner of the plot, no group is outside as a whole.
 */
function drawable(svg: string): string {
  return svg
    .replace(/ (?:d|transform|[xy][12]?|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/(?<![\w.])-?\d{5,}(?:\.\d*)?(?:e\+?\d+)?/g, (text) =>
        String(Math.min(FARTHEST, Math.max(-FARTHEST, Number(text)))),
      ),
    )
    .replace(/<g [^>]*clip-path="[^>]*>/g, `$&${CORNER}`);
}

/**
 * The build has copies of the fonts (scripts/plotFonts.mjs); a program that runs from the sources takes them
 * from their package.
 */
function fontFiles(): string[] {
  return ["400Regular/Inter_400Regular.ttf", "500Medium/Inter_500Medium.ttf"].map((file) => {
    const copy = join(__dirname, "fonts", basename(file));
    return existsSync(copy) ? copy : require.resolve(`@expo-google-fonts/inter/${file}`);
  });
}
