import { useTranslation } from "react-i18next";
import { isolated } from "../../../i18n/isolated";
import { readable, useLabel } from "../../../i18n/label";

const CODE = /^[a-z_]+$/;
/** `SMTPServerDisconnected: …` and `(550, …)`: the server was away, or it answered. */
const AWAY = /^\w*(?:Error|Disconnected|Refused|Timeout|timeout)\w*:/;

/** What went wrong with a mail: a code in words, or what the mail server said. */
export function ErrorWords({ error }: { error: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (!error) return null;
  const said = isolated(error);
  if (CODE.test(error)) {
    const known = label("deliveries.error", error);
    return known === readable(error) ? t("deliveries.error.refused", { said }) : known;
  }
  return AWAY.test(error) ? t("deliveries.error.away", { said }) : t("deliveries.error.refused", { said });
}
