import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./WeekSkeleton.module.css";

const CELLS = Array.from({ length: 30 }, (_, index) => `cell-${index}`);

/** A week on its way, in the shape it will have. */
export function WeekSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("ui.skeleton.label")}>
      <Skeleton height={30} width={340} mb={8} />
      <Skeleton height={12} width={260} mb="lg" />
      <div className={classes.grid}>
        {CELLS.map((key, index) => (
          <Skeleton key={key} height={index < 6 ? 30 : 62} radius="sm" />
        ))}
      </div>
    </div>
  );
}
