import { Button, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { ProgramForm } from "../forms/ProgramForm";
import { Batches } from "../parts/Batches";
import { TemplatePeriods } from "../parts/TemplatePeriods";
import { Tracks } from "../parts/Tracks";
import { PROGRAMS, type Program, recordQuery } from "../queries";

const route = getRouteApi("/shell/academics/programs/$id");

export function ProgramPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const saved = useSaved(PROGRAMS);
  const { data: program } = useSuspenseQuery(recordQuery<Program>(PROGRAMS, id));
  const [isEditing, setEditing] = useState(false);
  const url = `${PROGRAMS}${program.id}/`;
  const { mutateAsync } = useMove({ url, version: program.version, invalidate: [[url], [PROGRAMS]] });
  const moves = movesOf(program.moves);
  return (
    <>
      <PageHeader
        title={program.name}
        heading={<Bidi>{program.name}</Bidi>}
        badge={<StatusBadge status={program.status} />}
        lead={<Code>{program.code}</Code>}
        up={<AnchorLink to="/academics/programs">{t("academics.program.title")}</AnchorLink>}
        actions={
          <>
            {can("program.manage") && program.status === "draft" && (
              <ConfirmButton
                title={t("academics.program.delete")}
                question={t("academics.deleteQuestion", { name: program.name })}
                confirm={t("ui.delete")}
                act={() => writeJson("DELETE", url)}
                onDone={async () => {
                  await navigate({ to: "/academics/programs" });
                  await saved();
                }}
              >
                {t("ui.delete")}
              </ConfirmButton>
            )}
            {moves.length > 0 && <MoveButtons moves={moves} onMove={mutateAsync} />}
          </>
        }
      />
      <Columns
        side={
          <>
            <Panel
              title={t("academics.program.structure")}
              actions={
                can("program.manage") && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    leftSection={<IconPencil size={16} />}
                    onClick={() => setEditing(true)}
                  >
                    {t("ui.edit")}
                  </Button>
                )
              }
            >
              <Structure program={program} />
            </Panel>
            <Tracks program={program} />
          </>
        }
      >
        <Batches program={program} />
        <TemplatePeriods program={program} />
      </Columns>
      <FormDialog title={t("academics.program.edit")} opened={isEditing} onClose={() => setEditing(false)}>
        <ProgramForm key={program.version} program={program} onDone={() => setEditing(false)} />
      </FormDialog>
    </>
  );
}

const MONTHS: Record<string, number> = { yearly: 12, semester: 6 };

function Structure({ program }: { program: Program }) {
  const { t } = useTranslation();
  const label = useLabel();
  const months = program.period_length_months ?? MONTHS[program.structure_type] ?? 0;
  return (
    <>
      <Facts
        items={[
          {
            label: t("academics.program.structure"),
            value: label("academics.structure", program.structure_type),
          },
          { label: t("academics.program.total"), value: program.total_periods },
          {
            label: t("academics.program.length"),
            value: t("academics.program.lengthValue", { count: months }),
          },
          { label: t("academics.program.batches"), value: program.batch_count },
        ]}
      />
      {program.description && (
        <Text size="sm" mt="sm">
          <Bidi>{program.description}</Bidi>
        </Text>
      )}
      {program.status === "draft" && (
        <Text size="xs" c="dimmed" mt="sm">
          {t("academics.program.draftHint")}
        </Text>
      )}
    </>
  );
}
