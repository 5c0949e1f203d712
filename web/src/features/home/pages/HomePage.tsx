import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { can, useMe } from "../../../api/me";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { Attention } from "../parts/Attention";
import { Board } from "../parts/Board";
import { Doors } from "../parts/Doors";
import { News } from "../parts/News";
import { Setup } from "../parts/Setup";
import { BOARD_PERMISSION, SETUP_PERMISSION, setupQuery } from "../queries";
import classes from "./HomePage.module.css";

const NOON = 12;
const EVENING = 17;

export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const format = useFormat();
  const {
    data: steps = [],
    error,
    refetch,
  } = useQuery({
    ...setupQuery,
    enabled: can(me, SETUP_PERMISSION),
  });
  const now = Date.now();
  const hour = format.hour(now);
  const name = me.person?.name ?? me.user.username;
  const greetings = {
    morning: t("home.greeting.morning", { name }),
    afternoon: t("home.greeting.afternoon", { name }),
    evening: t("home.greeting.evening", { name }),
  };
  const greeting = hour < NOON ? greetings.morning : hour < EVENING ? greetings.afternoon : greetings.evening;
  const isUnfinished = steps.some((step) => !step.done);
  return (
    <>
      <PageHeader title={t("home.title")} heading={greeting} lead={format.day(now)} />
      <div className={classes.grid}>
        <div className={classes.column}>
          {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
          {isUnfinished && <Setup steps={steps} />}
          {can(me, BOARD_PERMISSION) && <Board />}
          <Attention />
        </div>
        <div className={classes.column}>
          <News />
          <Doors />
        </div>
      </div>
    </>
  );
}
