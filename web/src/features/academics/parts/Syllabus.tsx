import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { type Belongs, SyllabusForm } from "../forms/SyllabusForm";
import { SYLLABUS, type SyllabusItem } from "../queries";
import { moved, places } from "../syllabus";

const AT_MOST = 200;

/** What is to be taught in a course or a period, in its order. */
export function Syllabus({ belongs }: { belongs: Belongs }) {
  const { t } = useTranslation();
  const can = useCan();
  const [asked, setAsked] = useState<SyllabusItem | "new" | null>(null);
  const mayManage = can("syllabus.manage");
  const query = useQuery(listQuery(SYLLABUS, { ...belongs, page_size: AT_MOST, ordering: "order_no" }));
  return (
    <Panel
      flush
      title={t("academics.syllabus.title")}
      actions={
        mayManage && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAsked("new")}
          >
            {t("ui.add")}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={3}>
        {({ results, count }) => (
          <>
            <Items items={results} isWhole={count <= AT_MOST} mayManage={mayManage} onEdit={setAsked} />
            {count > AT_MOST && (
              <Text size="xs" c="dimmed" px="md" pb="sm">
                {t("academics.syllabus.more", { count: count - AT_MOST })}
              </Text>
            )}
          </>
        )}
      </Loaded>
      <FormDialog title={t("academics.syllabus.item")} opened={asked !== null} onClose={() => setAsked(null)}>
        <SyllabusForm
          belongs={belongs}
          item={asked === "new" || asked === null ? undefined : asked}
          onDone={() => setAsked(null)}
        />
      </FormDialog>
    </Panel>
  );
}

type ItemsProps = {
  items: SyllabusItem[];
  isWhole: boolean;
  mayManage: boolean;
  onEdit: (item: SyllabusItem) => void;
};

function Items({ items, isWhole, mayManage, onEdit }: ItemsProps) {
  const { t } = useTranslation();
  const saved = useSaved(SYLLABUS);
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ from, to }: { from: number; to: number }) => {
      const ids = items.map(({ id }) => id);
      return writeJson("POST", `${SYLLABUS}reorder/`, { items: places(moved(ids, from, to), items) });
    },
    onSettled: saved,
  });
  return (
    <>
      {error && <ErrorPanel error={error} />}
      <SmallTable
        caption={t("academics.syllabus.title")}
        rows={items.map((item, at) => ({ item, at }))}
        rowId={({ item }) => item.id}
        empty={mayManage ? t("academics.syllabus.emptyKeeper") : t("academics.syllabus.empty")}
        columns={[
          {
            id: "title",
            header: t("academics.syllabus.itemTitle"),
            cell: ({ item }) => (
              <>
                {item.code && <Code>{item.code}</Code>} <Bidi>{item.title}</Bidi>{" "}
                {!item.is_active && <StatusBadge status="inactive" />}
                {item.learning_objectives && (
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    <Bidi>{item.learning_objectives}</Bidi>
                  </Text>
                )}
              </>
            ),
          },
          {
            id: "minutes",
            header: t("academics.syllabus.minutes"),
            align: "end",
            cell: ({ item }) => item.planned_minutes,
          },
          {
            id: "acts",
            header: "",
            align: "end",
            cell: ({ item, at }) =>
              mayManage && (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    aria-label={t("academics.syllabus.up", { title: item.title })}
                    disabled={!isWhole || at === 0 || isPending}
                    onClick={() => mutate({ from: at, to: at - 1 })}
                  >
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t("academics.syllabus.down", { title: item.title })}
                    disabled={!isWhole || at === items.length - 1 || isPending}
                    onClick={() => mutate({ from: at, to: at + 1 })}
                  >
                    <IconArrowDown size={16} />
                  </ActionIcon>
                  <Button size="compact-xs" variant="subtle" onClick={() => onEdit(item)}>
                    {t("ui.edit")}
                  </Button>
                  <ConfirmButton
                    size="compact-xs"
                    variant="subtle"
                    color="madder"
                    title={t("academics.syllabus.delete")}
                    question={t("academics.deleteQuestion", { name: item.title })}
                    confirm={t("ui.delete")}
                    act={() => writeJson("DELETE", `${SYLLABUS}${item.id}/`)}
                    onDone={saved}
                  >
                    {t("ui.delete")}
                  </ConfirmButton>
                </Group>
              ),
          },
        ]}
      />
    </>
  );
}
