import { DirectionProvider, MantineProvider, mergeThemeOverrides, useDirection } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import { I18nextProvider, useTranslation } from "react-i18next";
import { i18n, languageOf } from "../i18n/i18n";
import { cssVariables, theme } from "../theme/theme";
import { nonce } from "./nonce";
import classes from "./Providers.module.css";

type Props = { queryClient: QueryClient; children: ReactNode };

export function Providers({ queryClient, children }: Props) {
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <DirectionProvider initialDirection={languageOf(i18n.language).dir}>
          <Themed>
            <LanguageSync />
            <DatesProvider settings={{ firstDayOfWeek: 1 }}>
              <Toasts />
              {children}
            </DatesProvider>
          </Themed>
        </DirectionProvider>
      </QueryClientProvider>
    </I18nextProvider>
  );
}

/** The theme, with the words that its parts need for those who do not see them. */
function Themed({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const close = t("ui.close");
  const reveal = t("ui.reveal");
  const worded = useMemo(() => {
    const { Modal, PasswordInput, ...components } = theme.components ?? {};
    const closing = { closeButtonProps: { "aria-label": close } };
    const revealing = { visibilityToggleButtonProps: { "aria-label": reveal } };
    return mergeThemeOverrides(theme, {
      components: {
        ...components,
        Drawer: { defaultProps: closing },
        Modal: { defaultProps: { ...Modal?.defaultProps, ...closing } },
        PasswordInput: { defaultProps: { ...PasswordInput?.defaultProps, ...revealing } },
      },
    });
  }, [close, reveal]);
  return (
    <MantineProvider
      theme={worded}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
      // Tests must not wait for transitions.
      env={import.meta.env.MODE === "test" ? "test" : "default"}
    >
      {children}
    </MantineProvider>
  );
}

/** Messages stand where lines end, away from the rail, and above the bar of a phone. */
function Toasts() {
  const { dir } = useDirection();
  return (
    <Notifications position={dir === "rtl" ? "bottom-left" : "bottom-right"} className={classes.toasts} />
  );
}

/** The document's direction follows the language. */
function LanguageSync() {
  const { i18n: current } = useTranslation();
  const { dir, setDirection } = useDirection();
  const wanted = languageOf(current.language).dir;
  useEffect(() => {
    if (dir !== wanted) setDirection(wanted);
  }, [dir, wanted, setDirection]);
  return null;
}
