import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconCopyPlus } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import type { Column } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { SchemeForm } from "../forms/SchemeForm";
import { SchemeScope } from "../parts/SchemeScope";
import { type GradeScheme, MANAGE_SCHEMES, SCHEMES, schemeQuery, schemeUrl } from "../queries";

const route = getRouteApi("/shell/assessment/grade-schemes/$id");

/** One version of a scheme: written while it is a draft, and for ever as it is once exams may use it. */
export function SchemePage() {
  const { t } = useTranslation();
  const can = useCan();
  const queryClient = useQueryClient();
  const { id } = route.useParams();
  const { data: scheme } = useSuspenseQuery(schemeQuery(id));
  const writes = can(MANAGE_SCHEMES);
  const isDraft = scheme.status === "draft";
  const reload = () => queryClient.invalidateQueries({ queryKey: [schemeUrl(scheme.id)] });
  return (
    <>
      <PageHeader
        title={t("exams.schemes.titled", { name: scheme.name, number: scheme.number })}
        badge={<StatusBadge status={scheme.status} />}
        up={<AnchorLink to="/assessment/grade-schemes">{t("exams.schemes.title")}</AnchorLink>}
        lead={<SchemeScope scope={scheme.scope_key} />}
        actions={writes && (isDraft ? <DraftActs scheme={scheme} /> : <NextVersion scheme={scheme} />)}
      />
      {!isDraft && writes && (
        <div style={{ marginBlockEnd: "1rem" }}>
          <Notice>{t("exams.schemes.activeHint")}</Notice>
        </div>
      )}
      <Panel title={t("exams.schemes.bands")}>
        {isDraft && writes ? (
          <SchemeForm key={scheme.version} scheme={scheme} onDone={reload} onReload={reload} />
        ) : (
          <BandTable scheme={scheme} />
        )}
      </Panel>
    </>
  );
}

function DraftActs({ scheme }: { scheme: GradeScheme }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const saved = useSaved(SCHEMES);
  return (
    <Group gap="xs">
      <ConfirmButton
        variant="subtle"
        color="madder"
        title={t("exams.delete")}
        question={t("exams.schemes.deleteQuestion")}
        confirm={t("exams.delete")}
        act={() => writeJson("DELETE", schemeUrl(scheme.id))}
        onDone={async () => {
          await navigate({ to: "/assessment/grade-schemes" });
          await saved();
        }}
      >
        {t("exams.delete")}
      </ConfirmButton>
      <ConfirmButton
        variant="filled"
        leftSection={<IconCheck size={16} aria-hidden="true" />}
        title={t("exams.schemes.activate")}
        question={t("exams.schemes.activateQuestion")}
        confirm={t("exams.schemes.activate")}
        act={() =>
          writeJson("POST", `${schemeUrl(scheme.id)}moves/activate/`, {}, { ifMatch: scheme.version })
        }
        onDone={saved}
      >
        {t("exams.schemes.activate")}
      </ConfirmButton>
    </Group>
  );
}

function NextVersion({ scheme }: { scheme: GradeScheme }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconCopyPlus size={16} aria-hidden="true" />} onClick={open}>
        {t("exams.schemes.next")}
      </Button>
      <FormDialog
        opened={isOpen}
        onClose={close}
        size="xl"
        title={t("exams.schemes.nextOf", { name: scheme.name })}
      >
        <SchemeForm
          from={scheme}
          onDone={({ id }) =>
            void navigate({ to: "/assessment/grade-schemes/$id", params: { id: String(id) } })
          }
        />
      </FormDialog>
    </>
  );
}

type Band = GradeScheme["bands"][number];

function BandTable({ scheme }: { scheme: GradeScheme }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const columns = useMemo<Column<Band>[]>(
    () => [
      {
        id: "letter",
        header: t("exams.fields.letter"),
        cell: (band) => (
          <strong>
            <Bidi>{band.letter}</Bidi>
          </strong>
        ),
      },
      {
        id: "from",
        header: t("exams.schemes.from"),
        align: "end",
        cell: (band) => <bdi dir="ltr">{number(Number(band.min_percent))} %</bdi>,
      },
      {
        id: "point",
        header: t("exams.schemes.point"),
        align: "end",
        cell: (band) => (band.point === null ? "–" : number(Number(band.point))),
      },
      {
        id: "fails",
        header: t("exams.schemes.fails"),
        cell: (band) => band.is_fail && t("exams.outcome.fail"),
      },
    ],
    [t, number],
  );
  return (
    <SmallTable
      caption={t("exams.schemes.bands")}
      columns={columns}
      rows={scheme.bands}
      rowId={(band) => band.letter}
      empty={t("exams.schemes.noBands")}
    />
  );
}
