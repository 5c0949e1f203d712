import { Button, type ButtonProps, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "./ErrorPanel";
import { useKeptPlace } from "./useKeptPlace";

type Props = ButtonProps & {
  children: ReactNode;
  title: string;
  question: ReactNode;
  /** The verb on the button that does it. */
  confirm: string;
  /** The word for leaving it, where "Cancel" could be taken for the act. */
  dismiss?: string;
  act: () => Promise<unknown>;
  onDone?: () => unknown;
};

/** An act that asks once before it is done, and says why when it is refused. */
export function ConfirmButton(props: Props) {
  const { title, question, confirm, dismiss, act, onDone, children, ...button } = props;
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const asking = useRef<HTMLButtonElement>(null);
  const acting = useRef<HTMLButtonElement>(null);
  const isBusy = useRef(false);
  const hasActed = useRef(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: act,
    onSettled: () => {
      isBusy.current = false;
    },
    onError: () => {
      hasActed.current = false;
    },
    onSuccess: async () => {
      setOpen(false);
      await onDone?.();
    },
  });
  useKeptPlace(asking, hasActed);
  // A button that waits loses the focus; refused, it is pressed again or left from where one was.
  useEffect(() => {
    if (error) acting.current?.focus();
  }, [error]);
  // Two presses may come before the button shows that it waits, and a third while the dialog closes.
  const press = () => {
    if (isBusy.current || !isOpen) return;
    isBusy.current = true;
    hasActed.current = true;
    mutate();
  };
  const close = () => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <Button variant="default" {...button} ref={asking} onClick={() => setOpen(true)}>
        {children}
      </Button>
      <Modal opened={isOpen} onClose={close} title={title}>
        <Stack gap="md">
          {error && <ErrorPanel error={error} />}
          <Text size="sm" component="div">
            {question}
          </Text>
          <Group justify="flex-end" gap="sm">
            <Button variant="default" data-autofocus onClick={close}>
              {dismiss ?? t("ui.cancel")}
            </Button>
            <Button ref={acting} color="madder" loading={isPending} onClick={press}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
