import "@mantine/core/styles.css";
import "@mantine/dates/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./theme/fonts.css";
import "./theme/base.css";

import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { watchParts } from "./api/builds";
import { createQueryClient } from "./api/queryClient";
import { nameStyles } from "./app/nonce";
import { Providers } from "./app/Providers";
import { signInUrl } from "./app/shellRoute";
import { i18n, startI18n } from "./i18n/i18n";
import { createAppRouter } from "./router";

const queryClient = createQueryClient(onSignedOut);
const router = createAppRouter(queryClient);

/** A session that ended under an open screen: sign in, then come back to it. */
function onSignedOut() {
  const { pathname, href } = router.state.location;
  if (pathname !== "/sign-in") router.history.push(signInUrl(href));
}

async function start(root: HTMLElement) {
  nameStyles();
  watchParts();
  await startI18n();
  // Messages are worded by the server, in the language that the request names.
  i18n.on("languageChanged", () => void queryClient.invalidateQueries());
  createRoot(root).render(
    <StrictMode>
      <Providers queryClient={queryClient}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
