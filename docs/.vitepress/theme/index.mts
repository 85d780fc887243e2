/** VitePress's theme with the styles of the static pages. */

import DefaultTheme from "vitepress/theme";
import "./site.css";

export default DefaultTheme;
