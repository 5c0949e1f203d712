import { Button, Group, Switch } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Columns } from "../../../ui/Columns";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { PeriodForm } from "../forms/PeriodForm";
import { SectionRows } from "../parts/SectionRows";
import { Syllabus } from "../parts/Syllabus";
import { PERIODS, type PeriodDetail, recordQuery } from "../queries";

const route = getRouteApi("/shell/academics/periods/$id");

export function PeriodPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const saved = useSaved(PERIODS);
  const { data: period } = useSuspenseQuery(recordQuery<PeriodDetail>(PERIODS, id));
  const [dialog, setDialog] = useState<"edit" | "below" | null>(null);
  const url = `${PERIODS}${period.id}/`;
  const { mutateAsync } = useMove({ url, version: period.version, invalidate: [[url], [PERIODS]] });
  const moves = movesOf(period.moves);
  const spot = { program: period.program, batch: period.batch, parent: null };
  return (
    <>
      <PageHeader
        title={period.name}
        heading={<Bidi>{period.name}</Bidi>}
        badge={
          period.is_template ? (
            <StatusBadge status="template" label={t("academics.period.template")} />
          ) : (
            <StatusBadge status={period.status} />
          )
        }
        lead={
          <>
            {label("academics.periodKind", period.kind)} · <Bidi>{period.program_name}</Bidi>
            {period.batch_name && (
              <>
                {" · "}
                <Bidi>{period.batch_name}</Bidi>
              </>
            )}
          </>
        }
        up={
          <AnchorLink
            to="/academics/periods"
            search={{
              program: String(period.program),
              batch: period.batch === null ? undefined : String(period.batch),
            }}
          >
            {t("academics.period.title")}
          </AnchorLink>
        }
        actions={moves.length > 0 && <MoveButtons moves={moves} onMove={mutateAsync} />}
      />
      <Columns side={<Below period={period} onAdd={() => setDialog("below")} />}>
        <Panel
          title={t("academics.period.facts")}
          actions={
            can("period.manage") && (
              <Group gap={4} wrap="nowrap">
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconPencil size={16} />}
                  onClick={() => setDialog("edit")}
                >
                  {t("ui.edit")}
                </Button>
                <ConfirmButton
                  variant="subtle"
                  color="madder"
                  size="compact-sm"
                  title={t("academics.period.delete")}
                  question={t("academics.deleteQuestion", { name: period.name })}
                  confirm={t("ui.delete")}
                  act={() => writeJson("DELETE", url)}
                  onDone={async () => {
                    await navigate({ to: "/academics/periods", search: { program: String(period.program) } });
                    await saved();
                  }}
                >
                  {t("ui.delete")}
                </ConfirmButton>
              </Group>
            )
          }
        >
          <PeriodFacts period={period} />
        </Panel>
        {can("syllabus.view") && <Syllabus belongs={{ academic_period: period.id }} />}
        {!period.is_template && can("section.view") && <SectionRows period={period.id} />}
      </Columns>
      <FormDialog
        title={t("academics.period.edit")}
        opened={dialog === "edit"}
        onClose={() => setDialog(null)}
      >
        <PeriodForm key={period.version} spot={spot} period={period} onDone={() => setDialog(null)} />
      </FormDialog>
      <FormDialog
        title={t("academics.period.create")}
        opened={dialog === "below"}
        onClose={() => setDialog(null)}
      >
        <PeriodForm spot={{ ...spot, parent: period }} onDone={() => setDialog(null)} />
      </FormDialog>
    </>
  );
}

function PeriodFacts({ period }: { period: PeriodDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const can = useCan();
  const saved = useSaved(PERIODS);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (is_enrollment_open: boolean) =>
      writeJson("PATCH", `${PERIODS}${period.id}/`, { is_enrollment_open }, { ifMatch: period.version }),
    onSettled: saved,
  });
  const dates = [period.start_date, period.end_date].map((day) => (day ? format.date(day) : null));
  return (
    <>
      <Facts
        items={[
          { label: t("academics.period.start"), value: dates[0] },
          { label: t("academics.period.end"), value: dates[1] },
          {
            label: t("academics.fields.track"),
            value: period.track_name ? <Bidi>{period.track_name}</Bidi> : null,
          },
          { label: t("academics.period.level"), value: period.level_no },
          ...(period.kind === "rotation"
            ? [
                {
                  label: t("academics.period.department"),
                  value: period.primary_department_name ? (
                    <Bidi>{period.primary_department_name}</Bidi>
                  ) : null,
                },
                {
                  label: t("academics.period.unit"),
                  value: period.sub_department_name ? <Bidi>{period.sub_department_name}</Bidi> : null,
                },
              ]
            : []),
          ...(period.is_template
            ? [
                { label: t("academics.period.offset"), value: period.offset_days },
                { label: t("academics.period.length"), value: period.length_days },
              ]
            : []),
        ]}
      />
      {!period.is_template && (
        <Switch
          mt="md"
          label={t("academics.period.enrolment")}
          description={
            period.status === "open"
              ? t("academics.period.enrolmentHint")
              : t("academics.period.enrolmentOpen")
          }
          checked={period.is_enrollment_open}
          disabled={period.status !== "open" || isPending || !can("period.manage")}
          onChange={(event) => mutate(event.currentTarget.checked)}
        />
      )}
      {error && (
        <div style={{ marginBlockStart: "1rem" }}>
          <ErrorPanel error={error} />
        </div>
      )}
      {period.is_template && <Notice>{t("academics.period.templateHint")}</Notice>}
    </>
  );
}

const HOLDS = new Set(["year", "semester", "block"]);

function Below({ period, onAdd }: { period: PeriodDetail; onAdd: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const query = useQuery(listQuery(PERIODS, { parent: period.id, page_size: 100, ordering: "position" }));
  return (
    <>
      {period.parent !== null && (
        <Panel title={t("academics.period.above")}>
          <AnchorLink to="/academics/periods/$id" params={{ id: String(period.parent) }}>
            <Bidi>{period.parent_name}</Bidi>
          </AnchorLink>
        </Panel>
      )}
      {HOLDS.has(period.kind) && (
        <Panel
          flush
          title={t("academics.period.inside")}
          actions={
            can("period.manage") && (
              <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={16} />} onClick={onAdd}>
                {t("ui.add")}
              </Button>
            )
          }
        >
          <Loaded query={query} rows={1}>
            {({ results }) => (
              <SmallTable
                caption={t("academics.period.inside")}
                rows={results}
                rowId={(row) => row.id}
                empty={t("academics.period.insideEmpty")}
                columns={[
                  {
                    id: "name",
                    header: t("academics.fields.name"),
                    cell: (row) => (
                      <AnchorLink to="/academics/periods/$id" params={{ id: String(row.id) }}>
                        <Bidi>{row.name}</Bidi>
                      </AnchorLink>
                    ),
                  },
                  {
                    id: "kind",
                    header: t("academics.fields.kind"),
                    cell: (row) => label("academics.periodKind", row.kind),
                  },
                ]}
              />
            )}
          </Loaded>
        </Panel>
      )}
      {period.batch !== null && can("student.view") && (
        <ButtonLink
          variant="default"
          to="/academics/students"
          search={{ program: String(period.program), batch: String(period.batch) }}
        >
          {t("academics.period.students")}
        </ButtonLink>
      )}
    </>
  );
}
