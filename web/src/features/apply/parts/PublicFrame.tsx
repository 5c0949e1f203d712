import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../../../ui/LanguageSwitch";
import { WordMark } from "../../../ui/WordMark";
import classes from "./PublicFrame.module.css";

type Props = { width?: "narrow" | "wide"; children: ReactNode };

/** A page for everybody: the mark, the languages, and one card. */
export function PublicFrame({ width = "narrow", children }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.page} data-width={width}>
      <a href="#apply" className={classes.skip}>
        {t("app.skip")}
      </a>
      <header className={classes.head}>
        <WordMark />
        <div className={classes.language}>
          <LanguageSwitch />
        </div>
      </header>
      <main id="apply" className={classes.card} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
