import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import type { Standing } from "../queries";
import { type Saying, sayingOf } from "../standing";
import { Ring } from "./Ring";
import classes from "./StandingCard.module.css";

type Props = { title: ReactNode; standing: Standing; large?: boolean; children?: ReactNode };

/** How one stands in a course or in all: the ring, what it means, and of what it is made. */
export function StandingCard({ title, standing, large = false, children }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const say = useSentence();
  const attended = standing.present + standing.late;
  return (
    <section className={classes.card} data-large={large || undefined}>
      <Ring standing={standing} large={large} />
      <div className={classes.words}>
        <h2 className={classes.title}>{title}</h2>
        <p className={classes.sentence}>{say(sayingOf(standing))}</p>
        {standing.total > 0 && (
          <Text size="sm" c="dimmed">
            {t("attendance.mine.attended", { attended: number(attended), total: number(standing.total) })}
            {standing.excused > 0 && ` · ${t("attendance.mine.excused", { count: standing.excused })}`}
            {standing.unmarked > 0 && ` · ${t("attendance.mine.unmarked", { count: standing.unmarked })}`}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {t("attendance.mine.threshold", { threshold: number(Number(standing.threshold)) })}
        </Text>
        {children}
      </div>
    </section>
  );
}

function useSentence(): (saying: Saying) => string {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (saying) => {
    switch (saying.say) {
      case "miss":
        return t("attendance.say.miss", { count: saying.count });
      case "regain":
        return t("attendance.say.regain", { count: saying.count });
      case "unreachable":
        return t("attendance.say.unreachable", { threshold: number(saying.threshold) });
      default:
        return t(`attendance.say.${saying.say}`);
    }
  };
}
