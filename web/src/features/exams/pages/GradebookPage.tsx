import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconPlus } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl } from "../../../api/lists";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { EmptyState } from "../../../ui/EmptyState";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { WeightForm } from "../forms/WeightForm";
import { ExamStatus } from "../parts/ExamStatus";
import { type Gradebook, type GradebookItem, gradebookQuery, gradebookUrl } from "../queries";
import classes from "./GradebookPage.module.css";

const route = getRouteApi("/shell/assessment/sections/$id/gradebook");

/** What the exams of a section come to: learners by items, weights adding up to 100 in plain sight. */
export function GradebookPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const queryClient = useQueryClient();
  const { data: book } = useSuspenseQuery(gradebookQuery(id));
  const [isOpen, { open, close }] = useDisclosure(false);
  const [weighed, setWeighed] = useState<GradebookItem | null>(null);
  const take = (now: Gradebook) => {
    queryClient.setQueryData([gradebookUrl(id)], now);
    close();
    setWeighed(null);
  };
  const add = book.may_manage && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("exams.gradebook.add")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("exams.gradebook.titled", { section: book.section_name, course: book.course_name })}
        up={
          <AnchorLink to="/academics/sections/$id" params={{ id }}>
            <Bidi>{book.section_name}</Bidi>
          </AnchorLink>
        }
        lead={<Bidi>{book.course_name}</Bidi>}
        actions={
          <Group gap="sm">
            <Anchor href={exportUrl(gradebookUrl(id), "xlsx", {})} download size="sm">
              <Group gap={4} component="span">
                <IconDownload size={16} aria-hidden="true" /> {t("ui.table.export")}
              </Group>
            </Anchor>
            {add}
          </Group>
        }
      />
      {book.items.length === 0 ? (
        <EmptyState
          title={t("exams.gradebook.empty")}
          detail={book.may_manage ? t("exams.gradebook.emptyDetail") : t("exams.gradebook.emptyOther")}
          action={add}
        />
      ) : (
        <Stack gap="lg">
          <Weights book={book} onWeigh={setWeighed} onTaken={take} />
          <Panel title={t("exams.gradebook.title")} flush>
            <Book book={book} />
          </Panel>
        </Stack>
      )}
      <FormDialog opened={isOpen} onClose={close} size="md" title={t("exams.gradebook.add")}>
        <WeightForm section={book.section} rest={100 - Number(book.weights_total)} onDone={take} />
      </FormDialog>
      <FormDialog
        opened={weighed !== null}
        onClose={() => setWeighed(null)}
        size="md"
        title={weighed && <Bidi>{weighed.title}</Bidi>}
      >
        {weighed && <WeightForm section={book.section} item={weighed} onDone={take} />}
      </FormDialog>
    </>
  );
}

type WeightsProps = {
  book: Gradebook;
  onWeigh: (item: GradebookItem) => void;
  onTaken: (book: Gradebook) => void;
};

function Weights({ book, onWeigh, onTaken }: WeightsProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const total = Number(book.weights_total);
  return (
    <Panel title={t("exams.gradebook.weights")}>
      <div className={classes.weights}>
        <div className={classes.bar} data-whole={book.is_whole || undefined} aria-hidden="true">
          {book.items.map(({ id, weight }) => (
            <span key={id} style={{ inlineSize: `${Number(weight)}%` }} />
          ))}
        </div>
        <span className={classes.sum} role="status">
          {book.is_whole
            ? t("exams.gradebook.whole")
            : t("exams.gradebook.open", { total: number(total), rest: number(100 - total) })}
        </span>
      </div>
      <Stack gap="xs">
        {book.items.map((item) => (
          <Group key={item.id} justify="space-between" gap="xs">
            <Group gap="xs">
              <strong>
                <bdi dir="ltr">{number(Number(item.weight))} %</bdi>
              </strong>
              <AnchorLink to="/assessment/exams/$id" params={{ id: String(item.exam) }}>
                <Bidi>{item.title}</Bidi>
              </AnchorLink>
              <ExamStatus status={item.exam_status} />
            </Group>
            {book.may_manage && (
              <Group gap="xs">
                <Button size="compact-sm" variant="default" onClick={() => onWeigh(item)}>
                  {t("exams.gradebook.weigh")}
                </Button>
                <ConfirmButton
                  size="compact-sm"
                  variant="subtle"
                  color="madder"
                  title={t("exams.gradebook.remove", { title: item.title })}
                  aria-label={t("exams.gradebook.remove", { title: item.title })}
                  question={t("exams.gradebook.removeQuestion")}
                  confirm={t("exams.remove")}
                  act={async () =>
                    onTaken(
                      await writeJson<Gradebook>("DELETE", `${gradebookUrl(book.section)}items/${item.id}/`),
                    )
                  }
                >
                  {t("exams.remove")}
                </ConfirmButton>
              </Group>
            )}
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function Book({ book }: { book: Gradebook }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const percent = (value: string | null) =>
    value === null ? "–" : <bdi dir="ltr">{number(Number(value))} %</bdi>;
  if (book.rows.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {t("exams.gradebook.nobody")}
      </Text>
    );
  }
  return (
    <div className={classes.scroll}>
      <table className={classes.book}>
        <caption className="visually-hidden">{t("exams.gradebook.title")}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.person}>
              {t("exams.gradebook.learner")}
            </th>
            {book.items.map((item) => (
              <th key={item.id} scope="col">
                <bdi>{item.title}</bdi>
                <small>
                  <bdi dir="ltr">{number(Number(item.weight))} %</bdi>
                </small>
              </th>
            ))}
            <th scope="col">{t("exams.gradebook.running")}</th>
            <th scope="col">{t("exams.gradebook.final")}</th>
          </tr>
        </thead>
        <tbody>
          {book.rows.map((row) => (
            <tr key={row.person}>
              <th scope="row" className={classes.person}>
                <Bidi>{row.full_name}</Bidi>
                <small>
                  <Code>{row.reg_no}</Code>
                </small>
              </th>
              {book.items.map((item) => {
                const cell = row.cells.find((each) => each.item === item.id);
                return (
                  <td key={item.id}>
                    {cell ? (
                      <AnchorLink to="/assessment/results/$id" params={{ id: String(cell.result) }}>
                        {percent(cell.percentage)}
                      </AnchorLink>
                    ) : (
                      "–"
                    )}
                  </td>
                );
              })}
              <td>{percent(row.running)}</td>
              <td>
                <strong>{percent(row.final)}</strong> {row.letter}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
