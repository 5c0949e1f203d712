import { ActionIcon, Button, FileButton, Group, Input, Loader, Text } from "@mantine/core";
import { IconFileText, IconPaperclip, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useServerWords } from "../../../i18n/serverWords";
import { Bidi } from "../../../ui/Bidi";
import { PAPER_TYPES, UPLOADS, type Upload } from "../queries";
import classes from "./Papers.module.css";

type Refused = { key: string; name: string; why: string };
type Props = {
  value: Upload[];
  onChange: (change: (before: Upload[]) => Upload[]) => void;
  required: boolean;
  error?: React.ReactNode;
};

/** Papers of a request that is still being written: each is judged by the server as soon as it is chosen. */
export function Uploads({ value, onChange, required, error }: Props) {
  const { t } = useTranslation();
  const words = useServerWords();
  const [waiting, setWaiting] = useState(0);
  const [refused, setRefused] = useState<Refused[]>([]);

  const upload = async (file: File) => {
    setWaiting((before) => before + 1);
    try {
      const form = new FormData();
      form.set("file", file);
      const [kept] = await writeJson<Upload[]>("POST", UPLOADS, form);
      if (kept) onChange((before) => [...before, kept]);
    } catch (caught) {
      const problem = asProblem(caught);
      const fault = problem.errors[0] ?? problem;
      const why = words(fault.code, fault.detail ?? "");
      setRefused((before) => [...before, { key: crypto.randomUUID(), name: file.name, why }]);
    } finally {
      setWaiting((before) => before - 1);
    }
  };
  const choose = (files: File[]) => {
    setRefused([]);
    for (const file of files) void upload(file);
  };

  return (
    <Input.Wrapper
      label={t("requests.papers.title")}
      description={t("requests.papers.hint")}
      withAsterisk={required}
      error={error}
      labelElement="div"
    >
      <ul className={classes.list} aria-busy={waiting > 0}>
        {value.map((paper) => (
          <li key={paper.id} className={classes.paper}>
            <IconFileText size={18} stroke={1.5} aria-hidden="true" />
            <span className={classes.name}>
              <Bidi>{paper.name}</Bidi>
            </span>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("requests.papers.remove", { name: paper.name })}
              onClick={() => onChange((before) => before.filter(({ id }) => id !== paper.id))}
            >
              <IconX size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {refused.map(({ key, name, why }) => (
        <Text key={key} size="sm" role="alert" className={classes.refused}>
          <Bidi>{name}</Bidi>: {why}
        </Text>
      ))}
      <Group gap="xs" mt="xs">
        <FileButton accept={PAPER_TYPES} multiple onChange={choose}>
          {(props) => (
            <Button
              {...props}
              size="compact-sm"
              variant="default"
              leftSection={<IconPaperclip size={16} aria-hidden="true" />}
            >
              {t("requests.papers.choose")}
            </Button>
          )}
        </FileButton>
        {waiting > 0 && <Loader size="xs" aria-label={t("requests.papers.uploading")} />}
      </Group>
    </Input.Wrapper>
  );
}
