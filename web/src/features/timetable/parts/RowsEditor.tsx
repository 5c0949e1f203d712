import { ActionIcon, Button, Checkbox, Group, Modal, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCopyPlus, IconPlus, IconTrash } from "@tabler/icons-react";
import type { Dispatch } from "react";
import { useTranslation } from "react-i18next";
import { bandPlaces, rowsInOrder } from "../grid/layout";
import { type GridRow, ROWS_AT_MOST } from "../grid/sheet";
import type { GridAction, GridState } from "../grid/state";
import classes from "./RowsEditor.module.css";
import { TimeField } from "./TimeField";

type Props = { state: GridState; dispatch: Dispatch<GridAction>; isPublished: boolean; onClose: () => void };

/** The slots of the week. Every change is in the draft at once and can be undone in the grid. */
export function RowsEditor({ state, dispatch, isPublished, onClose }: Props) {
  const { t } = useTranslation();
  const rows = rowsInOrder(state.draft.rows);
  const bands = bandPlaces(rows);
  const isFull = rows.length >= ROWS_AT_MOST;
  return (
    <Modal opened onClose={onClose} size="xl" title={t("timetable.rows.title")}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("timetable.rows.lead")}
      </Text>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("timetable.rows.from")}</th>
              <th scope="col">{t("timetable.rows.to")}</th>
              <th scope="col">{t("timetable.rows.label")}</th>
              <th scope="col">{t("timetable.rows.lane")}</th>
              <th scope="col">{t("timetable.rows.break")}</th>
              <th>
                <span className="visually-hidden">{t("timetable.rows.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={row.row_index} data-band={bands[index]}>
                <RowFields row={row} state={state} dispatch={dispatch} />
                <td>
                  <Group gap={2} wrap="nowrap" justify="flex-end">
                    <Tooltip label={t("timetable.rows.addLane")}>
                      <ActionIcon
                        size="md"
                        variant="subtle"
                        color="gray"
                        disabled={isFull}
                        aria-label={t("timetable.rows.addLaneTo", { number: row.row_index })}
                        onClick={() => dispatch({ type: "addRow", like: row.row_index })}
                      >
                        <IconCopyPlus size={16} aria-hidden="true" />
                      </ActionIcon>
                    </Tooltip>
                    <Tooltip
                      label={isPublished ? t("timetable.rows.removeClosed") : t("timetable.rows.remove")}
                    >
                      <ActionIcon
                        size="md"
                        variant="subtle"
                        color="madder"
                        data-disabled={isPublished || undefined}
                        aria-disabled={isPublished}
                        aria-label={t("timetable.rows.removeOf", { number: row.row_index })}
                        onClick={() => !isPublished && dispatch({ type: "removeRow", row: row.row_index })}
                      >
                        <IconTrash size={16} aria-hidden="true" />
                      </ActionIcon>
                    </Tooltip>
                  </Group>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Group justify="space-between" mt="md">
        <Button
          variant="default"
          disabled={isFull}
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() => dispatch({ type: "addRow" })}
        >
          {t("timetable.rows.add")}
        </Button>
        <Button onClick={onClose}>{t("timetable.editor.done")}</Button>
      </Group>
    </Modal>
  );
}

function RowFields({
  row,
  state,
  dispatch,
}: {
  row: GridRow;
  state: GridState;
  dispatch: Dispatch<GridAction>;
}) {
  const { t } = useTranslation();
  const faults = state.faults.rows[row.row_index];
  const fault = (field: keyof GridRow) => faults?.find((each) => each.field === field)?.text;
  const number = row.row_index;
  const set = (patch: Partial<Omit<GridRow, "row_index">>) =>
    dispatch({ type: "setRow", row: number, patch });
  const isBackwards = row.start_time !== null && row.end_time !== null && row.end_time <= row.start_time;
  return (
    <>
      <td>
        <TimeField
          label={t("timetable.rows.fromOf", { number })}
          value={row.start_time}
          fault={fault("start_time")}
          onChange={(time) => set({ start_time: time })}
        />
      </td>
      <td>
        <TimeField
          label={t("timetable.rows.toOf", { number })}
          value={row.end_time}
          fault={fault("end_time") ?? (isBackwards ? t("timetable.rows.backwards") : null)}
          onChange={(time) => set({ end_time: time })}
        />
      </td>
      <td>
        <TextInput
          size="xs"
          dir="auto"
          maxLength={40}
          aria-label={t("timetable.rows.labelOf", { number })}
          value={row.label}
          error={fault("label")}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
      </td>
      <td>
        <TextInput
          size="xs"
          dir="auto"
          maxLength={40}
          aria-label={t("timetable.rows.laneOf", { number })}
          value={row.lane}
          error={fault("lane")}
          onChange={(event) => set({ lane: event.currentTarget.value })}
        />
      </td>
      <td>
        <Checkbox
          size="sm"
          aria-label={t("timetable.rows.breakOf", { number })}
          checked={row.is_break}
          onChange={(event) => set({ is_break: event.currentTarget.checked })}
        />
      </td>
    </>
  );
}
