import { Button, Kbd, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Fact, Facts } from "../../../ui/Facts";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { Mark } from "../grid/conflicts";
import type { PlacedFault } from "../grid/payload";
import type { Address, Content, Names } from "../grid/sheet";
import { cardOf } from "../grid/words";
import { ConflictItem } from "./ConflictItem";
import classes from "./SidePanel.module.css";

type Props = {
  address: Address;
  content: Content;
  names: Names;
  mark: Mark | undefined;
  faults: PlacedFault[] | undefined;
  isEditable: boolean;
  selectedCount: number;
  onEdit: () => void;
  onJump: (address: Address) => void;
  placeWords: (address: Address) => string;
  /** The way to the published sessions of the cell, where there are any. */
  sessions?: ReactNode;
};

/** The cell under the cursor in full, as long as it is not being edited. */
export function CellSummary(props: Props) {
  const { content, names, mark, faults, isEditable, selectedCount } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const isEmpty = content.status === "empty";
  const { title } = cardOf(content, names);
  const facts = useFactsOf(content, names, label);
  return (
    <div className={classes.summary}>
      {isEmpty ? (
        <Text size="sm" c="dimmed">
          {t("timetable.panel.emptyCell")}
        </Text>
      ) : (
        <>
          <div className={classes.subject}>
            <Bidi>{title || t("timetable.cell.untitled")}</Bidi>
            {content.status === "cancelled" && <StatusBadge status="cancelled" />}
          </div>
          <Facts items={facts} />
        </>
      )}
      {faults && (
        <div role="alert" className={classes.faults}>
          {faults.map((fault) => (
            <p key={fault.field + fault.text}>{fault.text}</p>
          ))}
        </div>
      )}
      {mark && (
        <ul className={classes.conflicts}>
          {mark.conflicts.map((conflict) => (
            <ConflictItem
              key={conflict.key}
              conflict={conflict}
              from={props.address}
              onJump={props.onJump}
              placeWords={props.placeWords}
            />
          ))}
        </ul>
      )}
      {props.sessions}
      {isEditable && (
        <div className={classes.do}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden="true" />}
            rightSection={<Kbd size="xs">Enter</Kbd>}
            onClick={props.onEdit}
          >
            {isEmpty ? t("timetable.panel.fill") : t("timetable.panel.edit")}
          </Button>
          {selectedCount > 1 && (
            <Text size="xs" c="dimmed">
              {t("timetable.panel.selected", { count: selectedCount })}
            </Text>
          )}
        </div>
      )}
    </div>
  );
}

function useFactsOf(content: Content, names: Names, label: ReturnType<typeof useLabel>): Fact[] {
  const { t } = useTranslation();
  const { topic, teachers, room, groups } = cardOf(content, names);
  const audience = content.all_groups ? t("timetable.cell.allGroups") : groups.join(", ");
  const department = content.department === null ? "" : (names.departments[content.department] ?? "");
  const facts: [string, string][] = [
    [t("timetable.editor.topic"), topic],
    [t("timetable.editor.teacher"), teachers.join(", ")],
    [t("timetable.editor.room"), room],
    [t("timetable.editor.groups"), audience],
    [t("timetable.editor.kind"), label("timetable.kind", content.kind)],
    [t("timetable.editor.department"), department],
    [t("timetable.editor.note"), content.note],
  ];
  return facts
    .filter(([, value]) => value)
    .map(([name, value]) => ({ label: name, value: <Bidi>{value}</Bidi> }));
}
