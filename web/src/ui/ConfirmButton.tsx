import { Button, type ButtonProps, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "./ErrorPanel";

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
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      setOpen(false);
      await onDone?.();
    },
  });
  const close = () => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <Button variant="default" {...button} onClick={() => setOpen(true)}>
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
            <Button color="madder" loading={isPending} onClick={() => mutate()}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
