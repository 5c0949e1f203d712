import { useTranslation } from "react-i18next";
import classes from "./Audience.module.css";
import type { Audience } from "./audience";
import { KeyName } from "./KeyName";

/** An audience as one reads it: all keys of a line together, one line or another. */
export function AudienceWords({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.words}>
      {audience.map((clause) => (
        <li key={clause.join()}>
          {clause.map((key, place) => (
            <span key={key}>
              {place > 0 && <span className={classes.and}> {t("ui.audience.and")} </span>}
              <KeyName value={key} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
