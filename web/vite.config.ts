import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { screenIds } from "./screens";

// The browser's own host is kept, because the server compares it with the origin of a write.
const server = { target: process.env.MARISTAN_SERVER ?? "http://127.0.0.1:8000", changeOrigin: false };

export default defineConfig({
  base: "/",
  plugins: [react(), screenIds()],
  // The server puts its word of the moment here; without it the policy refuses our own styles.
  html: { cspNonce: "__CSP_NONCE__" },
  server: {
    proxy: { "/api": server, "/_allauth": server, "/accounts": server, "/media": server },
  },
  build: { outDir: "dist", assetsDir: "assets", sourcemap: false, chunkSizeWarningLimit: 700 },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    css: false,
    isolate: false,
    testTimeout: 120_000,
  },
});
