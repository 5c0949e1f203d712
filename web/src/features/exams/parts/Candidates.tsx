import { Button, Group, Menu, Title } from "@mantine/core";
import { IconDots, IconUserPlus, IconUsersPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FormDialog } from "../../../ui/FormDialog";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { EnterForm } from "../forms/EnterForm";
import { ReasonForm } from "../forms/ReasonForm";
import { SeatForm } from "../forms/SeatForm";
import { ADMISSIONS, CANDIDATES, type Candidate, EXAMS, type Exam, examUrl } from "../queries";

const route = getRouteApi("/shell/assessment/exams/$id");
type Act = { act: "seat" | "withdraw" | "restore" | "remove"; candidate: Candidate };

/** Who is to sit the exam, who may, and why not. */
export function Candidates({ exam, mayEnter }: { exam: Exam; mayEnter: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const search = route.useSearch();
  const saved = useSaved(EXAMS);
  const [asked, setAsked] = useState<Act | null>(null);
  const [isEntering, setEntering] = useState(false);
  const gather = useMutation({
    mutationFn: () => writeJson("POST", `${examUrl(exam.id)}candidates/gather/`, {}),
    onSuccess: saved,
  });
  const columns = useColumns(mayEnter ? setAsked : null, exam.status === "draft");
  const enter = mayEnter && (
    <Group gap="xs">
      {exam.audience.length > 0 && (
        <Button
          variant="default"
          leftSection={<IconUsersPlus size={16} />}
          loading={gather.isPending}
          onClick={() => gather.mutate()}
        >
          {t("exams.candidate.gather")}
        </Button>
      )}
      <Button variant="default" leftSection={<IconUserPlus size={16} />} onClick={() => setEntering(true)}>
        {t("exams.candidate.enter")}
      </Button>
    </Group>
  );
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("exams.fields.candidates")}
      </Title>
      {gather.error && <ErrorPanel error={gather.error} />}
      <DataTable
        path={CANDIDATES}
        params={{ pk: exam.id }}
        caption={t("exams.fields.candidates")}
        columns={columns}
        rowId={(row) => row.id}
        search={search}
        filters={[
          {
            name: "admission",
            label: t("exams.fields.admission"),
            options: ADMISSIONS.map((value) => ({ value, label: label("exams.admission", value) })),
          },
        ]}
        actions={enter}
        empty={{
          title: t("exams.candidate.empty"),
          detail: mayEnter ? t("exams.candidate.emptyDetail") : t("exams.candidate.none"),
          action: enter,
        }}
      />
      <FormDialog
        opened={isEntering}
        onClose={() => setEntering(false)}
        size="md"
        title={t("exams.candidate.enter")}
      >
        <EnterForm exam={exam.id} onDone={() => setEntering(false)} />
      </FormDialog>
      <FormDialog
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="md"
        title={
          asked && (
            <>
              {label("exams.candidate.act", asked.act)}: <Bidi>{asked.candidate.full_name}</Bidi>
            </>
          )
        }
      >
        {asked && <Asked exam={exam.id} asked={asked} onDone={() => setAsked(null)} />}
      </FormDialog>
    </>
  );
}

function Asked({ exam, asked, onDone }: { exam: number; asked: Act; onDone: () => void }) {
  const label = useLabel();
  const saved = useSaved(EXAMS);
  const { act, candidate } = asked;
  const url = `${examUrl(exam)}candidates/${candidate.id}/`;
  if (act === "seat") return <SeatForm exam={exam} candidate={candidate} onDone={onDone} />;
  return (
    <ReasonForm
      submitLabel={label("exams.candidate.act", act)}
      onSubmit={(reason) =>
        act === "remove" ? writeJson("DELETE", url) : writeJson("POST", `${url}moves/${act}/`, { reason })
      }
      onDone={async () => {
        await saved();
        onDone();
      }}
    />
  );
}

const TONES: Record<string, string> = {
  admitted: "approved",
  not_eligible: "rejected",
  withdrawn: "withdrawn",
};

function useColumns(onAct: ((act: Act) => void) | null, isDraft: boolean): Column<Candidate>[] {
  const { t } = useTranslation();
  const label = useLabel();
  return useMemo<Column<Candidate>[]>(
    () => [
      {
        id: "person",
        header: t("exams.fields.candidate"),
        sort: "full_name",
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      {
        id: "seat",
        header: t("exams.fields.seat"),
        sort: "seat_no",
        cell: (row) => row.seat_no && <Code>{row.seat_no}</Code>,
      },
      {
        id: "admission",
        header: t("exams.fields.admission"),
        cell: (row) => (
          <>
            <StatusBadge
              status={TONES[row.admission] ?? row.admission}
              label={label("exams.admission", row.admission)}
            />{" "}
            {row.code && row.admission !== "admitted" && label("exams.admissionCode", row.code)}
          </>
        ),
      },
      ...(onAct
        ? [
            {
              id: "acts",
              header: t("exams.acts"),
              align: "end" as const,
              cell: (row: Candidate) => (
                <Menu position="bottom-end" shadow="md">
                  <Menu.Target>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="gray"
                      aria-label={t("exams.candidate.more", { name: row.full_name })}
                    >
                      <IconDots size={16} aria-hidden="true" />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    {actsOf(row, isDraft).map((act) => (
                      <Menu.Item key={act} onClick={() => onAct({ act, candidate: row })}>
                        {label("exams.candidate.act", act)}
                      </Menu.Item>
                    ))}
                  </Menu.Dropdown>
                </Menu>
              ),
            },
          ]
        : []),
    ],
    [t, label, onAct, isDraft],
  );
}

/** What the state of a candidate and of the exam has a use for; whether it may be, the server says. */
function actsOf(row: Candidate, isDraft: boolean): Act["act"][] {
  if (row.admission === "withdrawn") return ["restore"];
  return isDraft ? ["seat", "withdraw", "remove"] : ["seat", "withdraw"];
}
