/** The process that draws pictures of plots: the only place where Vega is loaded. */
import { Resvg } from "@resvg/resvg-js";
import type { PlotSpec } from "../../display/plotTheme";

export interface PictureRequest {
  readonly id: number;
  readonly spec: PlotSpec;
}

export type PictureReply =
  | { readonly id: number; readonly png: Uint8Array }
  | { readonly id: number; readonly error: string };

/** Pixels of the picture per pixel of the plot. */
const ZOOM = 1.5;
const FONT = "Inter";
/** What our font has; other scripts are looked for in the fonts of the machine. */
const OTHER_SCRIPT = /[^\u0000-\u052f\u1e00-\u22ff]/;

process.on("message", ({ id, spec }: PictureRequest) => {
  draw(spec).then(
    (png) => process.send?.({ id, png } satisfies PictureReply),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies PictureReply),
  );
});
// Ctrl-C is for the process whose pictures these are; when that one ends, this one does.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

async function draw(spec: PlotSpec): Promise<Uint8Array> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const config = { ...(spec.config as object), font: FONT };
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
