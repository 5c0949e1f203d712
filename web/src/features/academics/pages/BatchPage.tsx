import { Button, Group, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconCalendarPlus, IconPencil } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import type { Answer } from "../../../api/types";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { EmptyState } from "../../../ui/EmptyState";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { FormShell } from "../../../ui/FormShell";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { BatchForm } from "../forms/BatchForm";
import { LayOutForm } from "../forms/LayOutForm";
import { Groups } from "../parts/Groups";
import { PeriodTree } from "../parts/PeriodTree";
import { BATCHES, type Batch, recordQuery, treeQuery } from "../queries";

const route = getRouteApi("/shell/academics/batches/$id");
type Dialog = "edit" | "promote" | "layOut";

export function BatchPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const saved = useSaved(BATCHES);
  const { data: batch } = useSuspenseQuery(recordQuery<Batch>(BATCHES, id));
  const periods = useQuery(treeQuery({ batch: batch.id }));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const layOut = can("period.manage") && (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconCalendarPlus size={16} />}
      onClick={() => setDialog("layOut")}
    >
      {t("academics.layOut.open")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={batch.name}
        heading={<Bidi>{batch.name}</Bidi>}
        badge={<StatusBadge status={batch.is_active ? "active" : "inactive"} />}
        lead={
          <>
            <Code>{batch.code}</Code> · <Bidi>{batch.program_name}</Bidi>
          </>
        }
        up={
          <AnchorLink to="/academics/programs/$id" params={{ id: String(batch.program) }}>
            <Bidi>{batch.program_name}</Bidi>
          </AnchorLink>
        }
        actions={
          <>
            <ButtonLink
              to="/academics/students"
              search={{ batch: String(batch.id), program: String(batch.program) }}
              variant="default"
            >
              {t("academics.batch.seeStudents", { count: batch.student_count })}
            </ButtonLink>
            {can("batch.manage") && (
              <Button variant="default" onClick={() => setDialog("promote")}>
                {t("academics.batch.promote")}
              </Button>
            )}
          </>
        }
      />
      <Columns
        side={
          <Panel
            title={t("academics.batch.facts")}
            actions={
              can("batch.manage") && (
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
                    title={t("academics.batch.delete")}
                    question={t("academics.deleteQuestion", { name: batch.name })}
                    confirm={t("ui.delete")}
                    act={() => writeJson("DELETE", `${BATCHES}${batch.id}/`)}
                    onDone={async () => {
                      await navigate({
                        to: "/academics/programs/$id",
                        params: { id: String(batch.program) },
                      });
                      await saved();
                    }}
                  >
                    {t("ui.delete")}
                  </ConfirmButton>
                </Group>
              )
            }
          >
            <Facts
              items={[
                { label: t("academics.batch.intake"), value: batch.intake_year },
                { label: t("academics.batch.graduation"), value: batch.graduation_year },
                { label: t("academics.group.title"), value: batch.group_count },
                { label: t("academics.batch.students"), value: batch.student_count },
              ]}
            />
          </Panel>
        }
      >
        <Groups batch={batch} />
        <Panel title={t("academics.batch.periods")} flush actions={layOut}>
          <Loaded query={periods}>
            {(roots) =>
              roots.length === 0 ? (
                <EmptyState
                  title={t("academics.batch.noPeriods")}
                  detail={t("academics.batch.noPeriodsDetail")}
                  action={layOut}
                />
              ) : (
                <PeriodTree roots={roots} caption={t("academics.batch.periods")} />
              )
            }
          </Loaded>
        </Panel>
      </Columns>
      <FormDialog title={t("academics.batch.edit")} opened={dialog === "edit"} onClose={close} size="md">
        <BatchForm key={batch.version} program={batch.program} batch={batch} onDone={close} />
      </FormDialog>
      <FormDialog
        title={t("academics.batch.promote")}
        opened={dialog === "promote"}
        onClose={close}
        size="md"
      >
        <PromoteForm batch={batch} onDone={close} />
      </FormDialog>
      <FormDialog title={t("academics.layOut.title")} opened={dialog === "layOut"} onClose={close} size="xl">
        <LayOutForm program={batch.program} batch={batch.id} batchName={batch.name} onDone={close} />
      </FormDialog>
    </>
  );
}

type Promoted = Answer<"/api/v1/academics/batches/{pk}/promote/", "post">;

function PromoteForm({ batch, onDone }: { batch: Batch; onDone: () => void }) {
  const { t } = useTranslation();
  const saved = useSaved(BATCHES, "/api/v1/academics/students/");
  const form = useForm<{ to_year: number | string }>({
    initialValues: { to_year: 2 },
    transformValues: ({ to_year }) => ({ to_year: Number(to_year) }),
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("academics.batch.promote")}
      onSubmit={({ to_year }, { idempotencyKey }) =>
        writeJson<Promoted>(
          "POST",
          `${BATCHES}${batch.id}/promote/`,
          { to_year: Number(to_year) },
          { idempotencyKey },
        )
      }
      onDone={async ({ promoted_count, unchanged_count }) => {
        await saved();
        notifications.show({
          color: "leaf",
          message: t("academics.batch.promoted", { raised: promoted_count, same: unchanged_count }),
        });
        onDone();
      }}
    >
      <NumberInput
        label={t("academics.batch.toYear")}
        description={t("academics.batch.toYearHint")}
        min={1}
        max={20}
        allowDecimal={false}
        {...form.getInputProps("to_year")}
      />
    </FormShell>
  );
}
