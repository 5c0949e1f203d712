import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { asProblem, missingFrom, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { MissingList } from "../../../ui/MissingList";
import { useSaved } from "../../../ui/useSaved";
import { ReasonForm } from "../forms/ReasonForm";
import { BULK_MOVES, type BulkMove, type Refused, refusedOf } from "../funnel";
import { ASSESSMENT, type Exam, examUrl, RESULT_STATUSES } from "../queries";
import classes from "./Funnel.module.css";

type Moved = {
  moved: number;
  refused: { result: number; reg_no: string; missing: Record<string, unknown>[] }[];
};
type Asked = { move: BulkMove; mode: "all" | "possible"; reason?: string };
type Told = { move: BulkMove; moved: number | null; refused: Refused[]; problem: Problem | null };

/** How many results stand where, and one press to move them on; those that may not say why. */
export function Funnel({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const can = useCan();
  const saved = useSaved(ASSESSMENT);
  const [returning, setReturning] = useState<BulkMove | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const { mutateAsync, isPending, variables } = useMutation({
    mutationFn: ({ move, mode, reason }: Asked) =>
      writeJson<Moved>("POST", `${examUrl(exam.id)}results/moves/${move.name}/`, {
        mode,
        ...(reason ? { reason } : {}),
      }),
    onSettled: saved,
  });
  const press = async (asked: Asked) => {
    try {
      const { moved, refused } = await mutateAsync(asked);
      setTold(
        asked.mode === "possible" || refused.length > 0
          ? {
              move: asked.move,
              moved,
              problem: null,
              refused: refused.map(({ result, reg_no, missing }) => ({
                key: String(result),
                reg_no,
                missing: missing.map(missingFrom),
              })),
            }
          : null,
      );
    } catch (error) {
      const problem = asProblem(error);
      setTold({ move: asked.move, moved: null, refused: refusedOf(problem), problem });
    }
  };
  const moves = BULK_MOVES.filter(({ permission }) => can(permission));
  return (
    <>
      <ol className={classes.funnel} aria-label={t("exams.results.funnel")}>
        {RESULT_STATUSES.map((status) => {
          const count = exam.funnel[status] ?? 0;
          const here = moves.filter(({ from }) => from === status);
          return (
            <li key={status} className={classes.stage} data-status={count > 0 ? status : "none"}>
              <span>
                <strong className={classes.count}>{number(count)}</strong>
                <span className={classes.name}>{label("exams.resultStatus", status)}</span>
              </span>
              {count > 0 && here.length > 0 && (
                <span className={classes.acts}>
                  {here.map((move) => (
                    <Button
                      key={move.name}
                      size="compact-sm"
                      variant={move.name === "return" ? "default" : "filled"}
                      loading={isPending && variables?.move.name === move.name}
                      onClick={() =>
                        move.name === "return" ? setReturning(move) : void press({ move, mode: "all" })
                      }
                    >
                      {t(`exams.results.bulk.${move.name}`, { count })}
                    </Button>
                  ))}
                </span>
              )}
            </li>
          );
        })}
      </ol>
      <FormDialog
        opened={returning !== null}
        onClose={() => setReturning(null)}
        size="md"
        title={t("exams.results.returnTitle")}
      >
        {returning && (
          <ReasonForm
            submitLabel={label("ui.move", returning.name)}
            onSubmit={(reason) => press({ move: returning, mode: "all", reason })}
            onDone={() => setReturning(null)}
          />
        )}
      </FormDialog>
      {told && (
        <Refusals
          told={told}
          isRunning={isPending}
          onPossible={() => void press({ move: told.move, mode: "possible" })}
          onClose={() => setTold(null)}
        />
      )}
    </>
  );
}

type RefusalsProps = { told: Told; isRunning: boolean; onPossible: () => void; onClose: () => void };

function Refusals({ told, isRunning, onPossible, onClose }: RefusalsProps) {
  const { t } = useTranslation();
  const { refused, moved, problem, move } = told;
  const isWhole = problem !== null && refused.length === 0;
  return (
    <Modal opened onClose={onClose} title={t("exams.results.refusedTitle")} size="lg">
      <Stack gap="md">
        {moved !== null && <Text size="sm">{t("exams.results.moved", { count: moved })}</Text>}
        {isWhole && <ErrorPanel error={problem} />}
        {refused.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              {moved === null
                ? t("exams.results.noneMoved", { count: refused.length })
                : t("exams.results.left", { count: refused.length })}
            </Text>
            <ul className={classes.refused}>
              {refused.map(({ key, reg_no, missing }) => (
                <li key={key}>
                  <Code>{reg_no || `#${key}`}</Code>
                  <MissingList items={missing} />
                </li>
              ))}
            </ul>
          </>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("ui.close")}
          </Button>
          {moved === null && refused.length > 0 && move.name !== "return" && (
            <Button loading={isRunning} onClick={onPossible}>
              {t("exams.results.possible")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
