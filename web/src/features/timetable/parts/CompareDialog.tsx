import { Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import type { Choices, Side } from "../grid/merge";
import {
  type Address,
  type Content,
  changedFields,
  type GridRow,
  type Names,
  withNames,
} from "../grid/sheet";
import { cardOf } from "../grid/words";
import classes from "./CompareDialog.module.css";
import type { Dispute } from "./useWeekEditor";

type Props = {
  dispute: Dispute;
  names: Names;
  placeWords: (address: Address) => string;
  onResolve: (choices: Choices) => void;
  onClose: () => void;
};

/** Both versions side by side, cell by cell; nothing is decided silently. */
export function CompareDialog({ dispute, names, placeWords, onResolve, onClose }: Props) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState<Choices>({ cells: {}, rows: {} });
  const { comparison, week } = dispute;
  const all = withNames(names, week.names);
  const clashes = comparison.cells.length + comparison.rows.length;
  const chooseAll = (side: Side) =>
    setChoices({
      cells: Object.fromEntries(comparison.cells.map((each) => [each.address, side])),
      rows: Object.fromEntries(comparison.rows.map((each) => [each.row, side])),
    });
  const options = [
    { value: "mine", label: t("timetable.compare.keepMine") },
    { value: "theirs", label: t("timetable.compare.takeTheirs") },
  ];
  const who = week.edited_by || t("timetable.compare.somebody");
  return (
    <Modal opened onClose={onClose} size="xl" title={t("timetable.compare.title")}>
      <Stack gap="md">
        <Text size="sm">{t("timetable.compare.lead", { who })}</Text>
        <ul className={classes.counts}>
          <li>{t("timetable.compare.both", { count: clashes })}</li>
          <li>{t("timetable.compare.onlyMine", { count: comparison.onlyMine.length })}</li>
          <li>{t("timetable.compare.onlyTheirs", { count: comparison.onlyTheirs.length })}</li>
        </ul>
        {clashes > 1 && (
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={() => chooseAll("mine")}>
              {t("timetable.compare.allMine")}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => chooseAll("theirs")}>
              {t("timetable.compare.allTheirs")}
            </Button>
          </Group>
        )}
        {comparison.cells.map((clash) => {
          const side = choices.cells[clash.address] ?? "mine";
          const differing = changedFields(clash.mine, clash.theirs);
          return (
            <section key={clash.address} className={classes.clash} aria-label={placeWords(clash.address)}>
              <header>
                <strong>{placeWords(clash.address)}</strong>
                <SegmentedControl
                  size="xs"
                  aria-label={placeWords(clash.address)}
                  data={options}
                  value={side}
                  onChange={(next) =>
                    setChoices((old) => ({ ...old, cells: { ...old.cells, [clash.address]: next as Side } }))
                  }
                />
              </header>
              <div className={classes.sides}>
                <Version
                  title={t("timetable.compare.mine")}
                  content={clash.mine}
                  names={all}
                  differing={differing}
                  isKept={side === "mine"}
                />
                <Version
                  title={who}
                  content={clash.theirs}
                  names={all}
                  differing={differing}
                  isKept={side === "theirs"}
                />
              </div>
            </section>
          );
        })}
        {comparison.rows.map((clash) => {
          const side = choices.rows[clash.row] ?? "mine";
          const title = t("timetable.rows.row", { number: clash.row });
          return (
            <section key={clash.row} className={classes.clash} aria-label={title}>
              <header>
                <strong>{title}</strong>
                <SegmentedControl
                  size="xs"
                  aria-label={title}
                  data={options}
                  value={side}
                  onChange={(next) =>
                    setChoices((old) => ({ ...old, rows: { ...old.rows, [clash.row]: next as Side } }))
                  }
                />
              </header>
              <div className={classes.sides}>
                <RowVersion title={t("timetable.compare.mine")} row={clash.mine} isKept={side === "mine"} />
                <RowVersion title={who} row={clash.theirs} isKept={side === "theirs"} />
              </div>
            </section>
          );
        })}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("timetable.compare.later")}
          </Button>
          <Button data-autofocus onClick={() => onResolve(choices)}>
            {dispute.isSavedAfter ? t("timetable.compare.save") : t("timetable.compare.apply")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

type VersionProps = {
  title: string;
  content: Content;
  names: Names;
  differing: (keyof Content)[];
  isKept: boolean;
};

function Version({ title, content, names, differing, isKept }: VersionProps) {
  const { t } = useTranslation();
  const { title: subject, topic, teachers, room, groups } = cardOf(content, names);
  const is = (...fields: (keyof Content)[]) => fields.some((field) => differing.includes(field)) || undefined;
  const audience = content.all_groups ? t("timetable.cell.allGroups") : groups.join(", ");
  return (
    <div className={classes.version} data-kept={isKept || undefined}>
      <small>
        <Bidi>{title}</Bidi>
      </small>
      {content.status === "empty" ? (
        <em>{t("timetable.compare.empty")}</em>
      ) : (
        <>
          <b data-differs={is("course", "section", "status")}>
            <Bidi>{subject || t("timetable.cell.untitled")}</Bidi>
            {content.status === "cancelled" && ` – ${t("timetable.editor.cancelled")}`}
          </b>
          {topic && (
            <span data-differs={is("topic")}>
              <Bidi>{topic}</Bidi>
            </span>
          )}
          {teachers.length > 0 && (
            <span data-differs={is("faculty", "co_faculty", "faculty_name")}>
              <Bidi>{teachers.join(", ")}</Bidi>
            </span>
          )}
          {room && (
            <span data-differs={is("room")}>
              <Bidi>{room}</Bidi>
            </span>
          )}
          {audience && (
            <span data-differs={is("groups", "all_groups")}>
              <Bidi>{audience}</Bidi>
            </span>
          )}
          {content.note && (
            <span data-differs={is("note")}>
              <Bidi>{content.note}</Bidi>
            </span>
          )}
        </>
      )}
    </div>
  );
}

function RowVersion({ title, row, isKept }: { title: string; row: GridRow | undefined; isKept: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={classes.version} data-kept={isKept || undefined}>
      <small>
        <Bidi>{title}</Bidi>
      </small>
      {row ? (
        <span>
          <bdi dir="ltr">
            {row.start_time ?? "–"}–{row.end_time ?? "–"}
          </bdi>{" "}
          <Bidi>{[row.label, row.lane].filter(Boolean).join(" · ")}</Bidi>
          {row.is_break && ` (${t("timetable.grid.break")})`}
        </span>
      ) : (
        <em>{t("timetable.compare.removed")}</em>
      )}
    </div>
  );
}
