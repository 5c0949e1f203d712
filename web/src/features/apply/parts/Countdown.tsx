import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import { Notice } from "../../../ui/Notice";

const SECOND = 1000;
const MINUTE = 60;

type Props = { until: number; what: "writes" | "start" };

/** The wait that the server asks for, seen as it passes; read out once, not every second. */
export function Countdown({ until, what }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(clock);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / SECOND));
  const left =
    seconds >= 2 * MINUTE
      ? t("apply.wait.minutes", { n: number(Math.ceil(seconds / MINUTE)) })
      : t("apply.wait.seconds", { n: number(seconds) });
  return (
    <Notice tone="wait">
      <span role="status">{what === "writes" ? t("apply.wait.writes") : t("apply.wait.start")}</span>{" "}
      <strong aria-hidden="true">{left}</strong>
    </Notice>
  );
}
