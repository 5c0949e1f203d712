import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { load } from "../../../i18n/i18n";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { PrintSheet } from "../../../ui/PrintSheet";
import { QrCode } from "../../../ui/QrCode";
import type { Slip } from "../slips";
import classes from "./Slips.module.css";

const URDU = { lng: "ur" } as const;
const ENGLISH = { lng: "en" } as const;

/** Slips to be cut and handed over, in both languages whatever the screen's is. */
export function Slips({ slips }: { slips: Slip[] }) {
  const { t } = useTranslation();
  const { institution } = useMe();
  const format = useFormat();
  // The slip speaks Urdu even where the screen has never loaded it.
  const { data: isReady } = useQuery({
    queryKey: ["texts", "ur"],
    queryFn: () => load("ur").then(() => true),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <PrintSheet>
      <div className={classes.sheet}>
        {slips.map((slip) => (
          <article key={slip.person} className={classes.slip}>
            <QrCode text={slip.link} label={slip.link} />
            <div className={classes.words}>
              <p className={classes.institution}>
                <Bidi>{institution?.name}</Bidi>
              </p>
              <p className={classes.name}>
                <Bidi>{slip.name}</Bidi>
              </p>
              <p className={classes.about}>
                <Bidi>{slip.about}</Bidi>
              </p>
              <p dir="ltr">{t("administration.slip.how", ENGLISH)}</p>
              {isReady && (
                <p dir="rtl" lang="ur" className={classes.urdu}>
                  {t("administration.slip.how", URDU)}
                </p>
              )}
              <p dir="ltr" className={classes.until}>
                {t("administration.slip.until", { ...ENGLISH, date: format.date(slip.expires_at) })}
              </p>
            </div>
            <p dir="ltr" className={classes.link}>
              {slip.link}
            </p>
          </article>
        ))}
      </div>
    </PrintSheet>
  );
}
