import { mount } from "svelte";

import App from "./App.svelte";
import "./tokens.css";
import "./base.css";
import { putLastTheme } from "./frame/theme";

putLastTheme();
const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");

export default mount(App, { target });
