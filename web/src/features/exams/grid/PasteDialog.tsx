import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { Notice } from "../../../ui/Notice";
import { SmallTable } from "../../../ui/SmallTable";
import type { Grid } from "../queries";
import type { Pasted, Put } from "./pasting";

const SHOWN = 12;
const NAMED = 5;

type Props = { grid: Grid; pasted: Pasted; onPut: () => void; onClose: () => void };

/** What a pasted block would do, before it does it: who gets what, and what fits nowhere. */
export function PasteDialog({ grid, pasted, onPut, onClose }: Props) {
  const { t } = useTranslation();
  const columns = useColumns(grid);
  const { puts, by, same } = pasted;
  return (
    <Modal opened onClose={onClose} size="lg" title={t("exams.paste.title")}>
      <Stack gap="md">
        <Text size="sm">
          {by === "number" ? t("exams.paste.byNumber") : t("exams.paste.byOrder")}
          {same > 0 && ` ${t("exams.paste.same", { count: same })}`}
        </Text>
        <Mismatches pasted={pasted} />
        <SmallTable
          caption={t("exams.paste.title")}
          columns={columns}
          rows={puts.slice(0, SHOWN)}
          rowId={(put) => `${put.candidate}:${put.component}`}
          empty={t("exams.paste.nothing")}
        />
        {puts.length > SHOWN && (
          <Text size="sm" c="dimmed">
            {t("exams.paste.more", { count: puts.length - SHOWN })}
          </Text>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("ui.cancel")}
          </Button>
          {puts.length > 0 && (
            <Button data-autofocus onClick={onPut}>
              {t("exams.paste.put", { count: puts.length })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Mismatches({ pasted }: { pasted: Pasted }) {
  const { t } = useTranslation();
  const few = (names: string[]) => names.slice(0, NAMED).join(", ") + (names.length > NAMED ? " …" : "");
  const { strangers, closed, extraRows, extraColumns } = pasted;
  const lines = [
    strangers.length > 0 && t("exams.paste.strangers", { count: strangers.length, names: few(strangers) }),
    closed.length > 0 && t("exams.paste.closed", { count: closed.length, names: few(closed) }),
    extraRows > 0 && t("exams.paste.extraRows", { count: extraRows }),
    extraColumns > 0 && t("exams.paste.extraColumns", { count: extraColumns }),
  ].filter((line): line is string => typeof line === "string");
  if (lines.length === 0) return null;
  return (
    <Notice tone="wait" role="alert">
      <strong>{t("exams.paste.mismatch")}</strong>
      <ul style={{ margin: 0, paddingInlineStart: "1.125rem" }}>
        {lines.map((line) => (
          <li key={line}>
            <Bidi>{line}</Bidi>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function useColumns({ rows, components }: Grid): Column<Put>[] {
  const { t } = useTranslation();
  return useMemo<Column<Put>[]>(() => {
    const people = new Map(rows.map((row) => [row.candidate, row]));
    const names = new Map(components.map(({ id, name }) => [id, name]));
    return [
      {
        id: "person",
        header: t("exams.fields.candidate"),
        cell: (put) => (
          <>
            <Bidi>{people.get(put.candidate)?.full_name}</Bidi>{" "}
            <Code>{people.get(put.candidate)?.reg_no ?? ""}</Code>
          </>
        ),
      },
      {
        id: "component",
        header: t("exams.fields.component"),
        cell: (put) => <Bidi>{names.get(put.component)}</Bidi>,
      },
      {
        id: "change",
        header: t("exams.fields.marks"),
        align: "end",
        cell: (put) => (
          <bdi dir="ltr">
            {put.before && `${put.before} → `}
            <strong>{put.text}</strong>
          </bdi>
        ),
      },
    ];
  }, [t, rows, components]);
}
