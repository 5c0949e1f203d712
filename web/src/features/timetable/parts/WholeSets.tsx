import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { type Choice, useChoices } from "../queries";
import type { Subject } from "./usePrinting";
import classes from "./WholeSets.module.css";

type Named = Choice & { program_name?: string };
type Props = { by: Subject; isFilling: boolean; onPick: (set: Record<string, number>) => void };

const MANY = 200;
/** What fills the choice at one stroke: a department its teachers, a batch its groups. */
const SETS: Partial<Record<Subject, { filter: string; path: string }>> = {
  faculty: { filter: "department", path: "/api/v1/directory/departments/" },
  group: { filter: "batch", path: "/api/v1/academics/batches/" },
};

export function WholeSets({ by, isFilling, onPick }: Props) {
  const { t } = useTranslation();
  const set = SETS[by];
  const search = { is_active: true, ordering: "name", page_size: MANY };
  const { data } = useChoices<Named>(set?.path ?? "", search, set !== undefined);
  if (!set || !data || data.length === 0) return null;
  const words = by === "group" ? t("timetable.print.wholeBatch") : t("timetable.print.wholeDepartment");
  return (
    <fieldset className={classes.sets}>
      <legend>{words}</legend>
      {data.map((each) => (
        <Button
          key={each.id}
          size="compact-md"
          variant="default"
          disabled={isFilling}
          onClick={() => onPick({ [set.filter]: each.id })}
        >
          <Bidi>{each.program_name ? `${each.name} · ${each.program_name}` : each.name}</Bidi>
        </Button>
      ))}
    </fieldset>
  );
}
