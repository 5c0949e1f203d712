import { Anchor, Button, Progress, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { AudienceWords } from "../../../ui/audience/AudienceWords";
import { Bidi } from "../../../ui/Bidi";
import { Columns } from "../../../ui/Columns";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { type Column, DataTable } from "../../../ui/DataTable";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { MaterialForm } from "../forms/MaterialForm";
import { FileDrop } from "../parts/FileDrop";
import { MATERIALS, type Material, materialQuery, materialUrl, RECEIPTS, type Reader } from "../queries";

const route = getRouteApi("/shell/materials/kept/$id");

/** One material as its author sees it: content, audience, moves, and who has opened it. */
export function AuthorPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data: row } = useSuspenseQuery(materialQuery(id));
  const [isEditing, { open, close }] = useDisclosure(false);
  const url = materialUrl(row.id);
  const { mutateAsync } = useMove({ url, version: row.version, invalidate: [[url], [MATERIALS]] });
  const moves = movesOf(row.moves).filter(
    ({ missing }) => !missing.some(({ code }) => code === "wrong_status"),
  );
  const columns = useColumns();
  return (
    <>
      <PageHeader
        title={row.title}
        heading={<Bidi>{row.title}</Bidi>}
        badge={<StatusBadge status={row.status} />}
        lead={<Bidi>{row.courses.join(t("ui.comma"))}</Bidi>}
        up={<AnchorLink to="/materials/kept">{t("materials.kept.title")}</AnchorLink>}
        actions={
          <>
            {row.status === "draft" && <DeleteButton row={row} />}
            <Button
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden="true" />}
              onClick={open}
            >
              {t("ui.edit")}
            </Button>
            {moves.length > 0 && <MoveButtons moves={moves} onMove={mutateAsync} />}
          </>
        }
      />
      <Columns side={<About row={row} />}>
        <Panel title={t("materials.content")}>
          {row.kind === "file" ? (
            <FileDrop material={row} />
          ) : (
            <Anchor href={row.url} target="_blank" rel="noreferrer" dir="ltr">
              {row.url || t("materials.noLink")}
            </Anchor>
          )}
        </Panel>
        <DataTable
          path={RECEIPTS}
          params={{ pk: row.id }}
          caption={t("materials.readers")}
          columns={columns}
          rowId={(reader) => reader.person}
          search={route.useSearch()}
          filters={[
            {
              name: "opened",
              label: t("materials.fields.seen"),
              options: [
                { value: "true", label: t("materials.seen") },
                { value: "false", label: t("materials.notSeen") },
              ],
            },
          ]}
          empty={{ title: t("materials.noReaders"), action: null }}
        />
      </Columns>
      <FormDialog opened={isEditing} onClose={close} size="xl" title={t("ui.edit")}>
        <MaterialForm key={row.version} material={row} onDone={close} />
      </FormDialog>
    </>
  );
}

function DeleteButton({ row }: { row: Material }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const saved = useSaved(MATERIALS);
  return (
    <ConfirmButton
      color="madder"
      variant="subtle"
      title={t("materials.delete")}
      question={t("materials.deleteQuestion")}
      confirm={t("ui.delete")}
      act={() => writeJson("DELETE", materialUrl(row.id))}
      onDone={async () => {
        await navigate({ to: "/materials/kept" });
        await saved();
      }}
    >
      {t("ui.delete")}
    </ConfirmButton>
  );
}

function About({ row }: { row: Material }) {
  const { t } = useTranslation();
  const { dateTime, number } = useFormat();
  const when = (moment: string | null) => moment && dateTime(moment);
  const share = row.audience_count ? (100 * row.opened_count) / row.audience_count : 0;
  return (
    <>
      <Panel title={t("materials.opened")}>
        <Text size="lg" fw={650}>
          {t("materials.openedOf", { opened: number(row.opened_count), all: number(row.audience_count) })}
        </Text>
        <Progress value={Math.min(100, share)} mt="xs" aria-label={t("materials.opened")} />
      </Panel>
      <Panel title={t("materials.fields.audience")}>
        <AudienceWords audience={row.audience} />
      </Panel>
      <Panel title={t("materials.about")}>
        <Facts
          items={[
            { label: t("materials.fields.by"), value: <Bidi>{row.created_by_name}</Bidi> },
            { label: t("materials.fields.published_at"), value: when(row.published_at) },
            { label: t("materials.fields.available_from"), value: when(row.available_from) },
            { label: t("materials.fields.available_until"), value: when(row.available_until) },
          ]}
        />
      </Panel>
    </>
  );
}

function useColumns(): Column<Reader>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  return useMemo<Column<Reader>[]>(
    () => [
      {
        id: "name",
        header: t("materials.fields.reader"),
        sort: "name",
        cell: (row) => <Bidi>{row.full_name}</Bidi>,
      },
      {
        id: "first",
        header: t("materials.fields.first"),
        sort: "first_opened_at",
        cell: (row) => (row.first_opened_at ? <Moment at={row.first_opened_at} /> : t("materials.notYet")),
      },
      {
        id: "last",
        header: t("materials.fields.last"),
        sort: "last_opened_at",
        cell: (row) => row.last_opened_at && <Moment at={row.last_opened_at} />,
      },
      {
        id: "opens",
        header: t("materials.fields.opens"),
        align: "end",
        cell: (row) => number(row.opens),
      },
    ],
    [t, number],
  );
}
