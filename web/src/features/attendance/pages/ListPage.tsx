import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEdit, IconHandStop, IconPrinter } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { type Move, movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { useSaved } from "../../../ui/useSaved";
import { CondoneForm } from "../forms/CondoneForm";
import { ListForm } from "../forms/ListForm";
import { useNames } from "../names";
import { CodeBadge } from "../parts/CodeBadge";
import { CodeTallies } from "../parts/CodeTallies";
import { Differences } from "../parts/Differences";
import { ListAbout } from "../parts/ListAbout";
import { ListStatus } from "../parts/ListStatus";
import { OpenRegisters } from "../parts/OpenRegisters";
import { Percent } from "../parts/Percent";
import {
  CODES,
  type EligibilityLine,
  type EligibilityList,
  eligibilityListQuery,
  LISTS,
  listUrl,
  PEOPLE,
} from "../queries";
import { movesNow } from "../register/judge";

const route = getRouteApi("/shell/attendance/eligibility-lists/$id");

/** One list: who may sit, what keeps it from being frozen, and what it changed against the one before. */
export function ListPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const { data: list } = useSuspenseQuery(eligibilityListQuery(id));
  const saved = useSaved(LISTS);
  const { mutateAsync } = useMove<EligibilityList>({
    url: listUrl(list.id),
    version: list.version,
    invalidate: [[listUrl(list.id)]],
  });
  const moves = movesNow(movesOf(list.moves));
  const isDraft = list.status === "draft";
  return (
    <>
      <PageHeader
        title={list.title}
        heading={<Bidi>{list.title}</Bidi>}
        badge={<ListStatus status={list.status} />}
        up={<AnchorLink to="/attendance/eligibility-lists">{t("attendance.lists.title")}</AnchorLink>}
        lead={isDraft ? t("attendance.lists.draftLead") : t("attendance.lists.frozenLead")}
        actions={
          <>
            <Button
              component="a"
              href={`${listUrl(list.id)}pdf/`}
              target="_blank"
              rel="noreferrer"
              variant="default"
              leftSection={<IconPrinter size={16} aria-hidden="true" />}
            >
              {t("attendance.lists.print")}
            </Button>
            {isDraft && moves.length > 0 && <EditList list={list} />}
            {moves.length > 0 && (
              <MoveButtons
                moves={moves}
                primary="freeze"
                onMove={async (asked) => {
                  const answer = await mutateAsync(asked).finally(() => void saved());
                  if (answer.id !== list.id) {
                    void navigate({
                      to: "/attendance/eligibility-lists/$id",
                      params: { id: String(answer.id) },
                    });
                  }
                }}
              />
            )}
          </>
        }
      />
      <Stack gap="lg">
        <ListAbout list={list} />
        {isDraft && <OpenRegisters missing={freezeOf(moves)} />}
        <CodeTallies counts={list.counts} />
        <People list={list} />
        {list.number > 1 && <Differences list={list} />}
      </Stack>
    </>
  );
}

const freezeOf = (moves: Move[]) => moves.find(({ name }) => name === "freeze")?.missing ?? [];

function EditList({ list }: { list: EligibilityList }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const courses = useNames("/api/v1/academics/courses/", list.courses);
  const sections = useNames("/api/v1/academics/sections/", list.sections);
  const departments = useNames("/api/v1/directory/departments/", list.departments);
  return (
    <>
      <Button variant="default" leftSection={<IconEdit size={16} />} onClick={open}>
        {t("ui.edit")}
      </Button>
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("attendance.lists.edit")}>
        {courses && sections && departments ? (
          <ListForm
            key={list.version}
            list={list}
            names={{ courses, sections, departments }}
            onDone={close}
            onReload={() => queryClient.invalidateQueries({ queryKey: [listUrl(list.id)] })}
          />
        ) : (
          <RowsSkeleton rows={5} />
        )}
      </FormDialog>
    </>
  );
}

function People({ list }: { list: EligibilityList }) {
  const { t } = useTranslation();
  const label = useLabel();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [asking, setAsking] = useState<EligibilityLine | null>(null);
  const columns = useColumns(list, setAsking);
  const close = () => setAsking(null);
  return (
    <>
      <DataTable
        path={PEOPLE}
        params={{ pk: list.id }}
        caption={t("attendance.lists.people")}
        columns={columns}
        rowId={(row) => row.person}
        search={search}
        filters={[
          {
            name: "code",
            label: t("attendance.standings.code"),
            options: CODES.map((value) => ({ value, label: label("attendance.code", value) })),
          },
        ]}
        actions={
          list.status !== "draft" && (
            <ButtonLink
              to="/attendance/condonations"
              search={{ eligibility_list: String(list.id) }}
              variant="default"
            >
              {t("attendance.condonations.title")}
            </ButtonLink>
          )
        }
        empty={{
          title: t("attendance.lists.nobody"),
          detail: t("attendance.lists.nobodyDetail"),
          action: null,
        }}
      />
      <FormDialog
        opened={asking !== null}
        onClose={close}
        size="md"
        title={
          asking && (
            <>
              {t("attendance.condonations.title")}: <Bidi>{asking.full_name}</Bidi>
            </>
          )
        }
      >
        {asking && (
          <CondoneForm
            line={asking}
            onDone={(made) =>
              void navigate({ to: "/attendance/condonations/$id", params: { id: String(made.id) } })
            }
          />
        )}
      </FormDialog>
    </>
  );
}

function useColumns(
  list: EligibilityList,
  onAsk: (line: EligibilityLine) => void,
): Column<EligibilityLine>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const can = useCan();
  const mayAsk = list.status === "frozen" && can("attendance.condone_request");
  return useMemo<Column<EligibilityLine>[]>(
    () => [
      {
        id: "person",
        header: t("attendance.corrections.person"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      {
        id: "code",
        header: t("attendance.standings.code"),
        cell: (row) => <CodeBadge code={row.code} />,
      },
      {
        id: "percentage",
        header: t("attendance.standings.percentage"),
        cell: (row) => (
          <Percent
            percentage={row.percentage}
            threshold={row.threshold}
            eligible={row.eligible}
            isNear={row.code === "condoned"}
            isNone={row.code === "no_sessions"}
          />
        ),
      },
      ...(["present", "late", "absent", "excused"] as const).map((mark) => ({
        id: mark,
        header: label("ui.status", mark),
        align: "end" as const,
        cell: (row: EligibilityLine) => number(row[mark]),
      })),
      {
        id: "unmarked",
        header: label("ui.status", "unmarked"),
        align: "end",
        isExtra: list.status !== "draft",
        cell: (row) => number(row.unmarked),
      },
      {
        id: "policy",
        header: t("attendance.lists.policy"),
        isExtra: true,
        cell: (row) => <Code>{row.policy}</Code>,
      },
      ...(mayAsk
        ? [
            {
              id: "ask",
              header: t("attendance.condonations.title"),
              cell: (row: EligibilityLine) =>
                row.code === "below_threshold" && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconHandStop size={14} aria-hidden="true" />}
                    aria-label={t("attendance.condonations.askFor", { name: row.full_name })}
                    onClick={() => onAsk(row)}
                  >
                    {t("attendance.condonations.ask")}
                  </Button>
                ),
            },
          ]
        : []),
    ],
    [t, label, number, list.status, mayAsk, onAsk],
  );
}
