import { Button, FileButton, Group, Modal, Text } from "@mantine/core";
import { IconFileText, IconPaperclip, IconPhoto } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { PAPER_TYPES, type Paper, REQUESTS, type Request, requestUrl } from "../queries";
import classes from "./Papers.module.css";

const KILO = 1024;
const isPicture = ({ content_type }: Paper) => content_type.startsWith("image/");

/** What was handed in: pictures open above the page, documents beside it; changed while the request is pending. */
export function Papers({ request }: { request: Request }) {
  const { t } = useTranslation();
  const saved = useSaved(REQUESTS);
  const [shown, setShown] = useState<Paper | null>(null);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (files: File[]) => {
      const form = new FormData();
      for (const file of files) form.append("file", file);
      return writeJson("POST", `${requestUrl(request.id)}attachments/`, form);
    },
    onSettled: saved,
  });
  const add = request.is_editable && (
    <FileButton accept={PAPER_TYPES} multiple onChange={(files) => files.length > 0 && mutate(files)}>
      {(props) => (
        <Button
          {...props}
          size="compact-sm"
          variant="subtle"
          loading={isPending}
          leftSection={<IconPaperclip size={16} aria-hidden="true" />}
        >
          {t("requests.papers.choose")}
        </Button>
      )}
    </FileButton>
  );
  return (
    <Panel title={t("requests.papers.title")} actions={add}>
      {error && <ErrorPanel error={error} />}
      {request.attachments.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("requests.papers.none")}
        </Text>
      ) : (
        <ul className={classes.list}>
          {request.attachments.map((paper) => (
            <PaperRow
              key={paper.id}
              paper={paper}
              isEditable={request.is_editable}
              onShow={() => setShown(paper)}
              onGone={saved}
            />
          ))}
        </ul>
      )}
      <Modal opened={shown !== null} onClose={() => setShown(null)} title={shown?.name} size="xl">
        {shown && <img src={shown.url} alt={shown.name} className={classes.picture} />}
      </Modal>
    </Panel>
  );
}

type RowProps = { paper: Paper; isEditable: boolean; onShow: () => void; onGone: () => unknown };

function PaperRow({ paper, isEditable, onShow, onGone }: RowProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const Icon = isPicture(paper) ? IconPhoto : IconFileText;
  return (
    <li className={classes.paper}>
      <Icon size={18} stroke={1.5} aria-hidden="true" />
      <span className={classes.name}>
        <Bidi>{paper.name}</Bidi>{" "}
        <Text size="xs" c="dimmed" component="span">
          {t("requests.papers.size", { size: number(Math.max(1, Math.round(paper.size / KILO))) })}
        </Text>
      </span>
      <Group gap={2} wrap="nowrap">
        {isPicture(paper) ? (
          <Button size="compact-sm" variant="subtle" onClick={onShow}>
            {t("requests.papers.show")}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="subtle"
            component="a"
            href={paper.url}
            target="_blank"
            rel="noopener"
          >
            {t("requests.papers.show")}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" component="a" href={paper.url} download={paper.name}>
          {t("requests.papers.download")}
        </Button>
        {isEditable && (
          <ConfirmButton
            size="compact-sm"
            variant="subtle"
            color="madder"
            title={t("requests.papers.removeTitle")}
            question={t("requests.papers.removeQuestion", { name: paper.name })}
            confirm={t("ui.delete")}
            act={() => writeJson("DELETE", paper.url)}
            onDone={onGone}
          >
            {t("ui.delete")}
          </ConfirmButton>
        )}
      </Group>
    </li>
  );
}
