import { startFromAddress } from "./backend";

startFromAddress(window.location.href);
await import("../src/main");
