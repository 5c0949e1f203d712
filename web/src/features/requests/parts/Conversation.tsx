import { Button, Group, Switch, Text, Textarea } from "@mantine/core";
import { IconEyeOff, IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmitKeys } from "../../../api/idempotency";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Moment } from "../../../ui/Moment";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { REQUESTS, type Remark, type Request, requestUrl } from "../queries";
import classes from "./Conversation.module.css";

/** What both sides say, and what handlers keep among themselves: that looks different before it is sent. */
export function Conversation({ request }: { request: Request }) {
  const { t } = useTranslation();
  const speaks = request.is_own || request.is_handler;
  return (
    <Panel title={t("requests.talk.title")}>
      {request.remarks.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("requests.talk.none")}
        </Text>
      ) : (
        <ol className={classes.thread}>
          {request.remarks.map((remark) => (
            <Said key={remark.id} remark={remark} />
          ))}
        </ol>
      )}
      {speaks && <Speak request={request} />}
    </Panel>
  );
}

function Said({ remark }: { remark: Remark }) {
  const { t } = useTranslation();
  return (
    <li className={classes.remark} data-internal={remark.is_internal || undefined}>
      {remark.is_internal && (
        <Text size="xs" className={classes.flag}>
          <IconEyeOff size={14} aria-hidden="true" /> {t("requests.talk.internal")}
        </Text>
      )}
      <p className={classes.text}>
        <Bidi>{remark.text}</Bidi>
      </p>
      <Text size="xs" c="dimmed">
        <Bidi>{remark.author_name}</Bidi> · <Moment at={remark.created_at} />
      </Text>
    </li>
  );
}

function Speak({ request }: { request: Request }) {
  const { t } = useTranslation();
  const saved = useSaved(REQUESTS);
  const keys = useSubmitKeys();
  const [text, setText] = useState("");
  const [isInternal, setInternal] = useState(false);
  const body = { text: text.trim(), is_internal: isInternal };
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      writeJson("POST", `${requestUrl(request.id)}remarks/`, body, { idempotencyKey: keys.keyFor(body) }),
    onSuccess: async () => {
      setText("");
      await saved();
    },
    onSettled: (_data, caught) => keys.settle(caught ?? undefined),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body.text && !isPending) mutate();
  };
  return (
    <form onSubmit={send} className={classes.form} data-internal={isInternal || undefined}>
      {error && <ErrorPanel error={error} />}
      <Textarea
        label={isInternal ? t("requests.talk.keep") : t("requests.talk.say")}
        description={
          request.is_handler
            ? isInternal
              ? t("requests.talk.keepHint")
              : t("requests.talk.sayHint")
            : undefined
        }
        dir="auto"
        autosize
        minRows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="space-between" gap="sm">
        {request.is_handler && (
          <Switch
            label={t("requests.talk.switch")}
            checked={isInternal}
            onChange={(event) => setInternal(event.currentTarget.checked)}
          />
        )}
        <Button
          type="submit"
          ms="auto"
          loading={isPending}
          disabled={body.text === ""}
          color={isInternal ? "saffron.8" : undefined}
          leftSection={isInternal ? <IconEyeOff size={16} /> : <IconSend size={16} />}
        >
          {isInternal ? t("requests.talk.keepSend") : t("requests.talk.send")}
        </Button>
      </Group>
    </form>
  );
}
